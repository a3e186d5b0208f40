using Larder.Origins;
using Larder.Store;
using Larder.Transfer;

namespace Larder.Pull;

/// <summary>Asks an origin what it has now, and notes where it has nothing newer.</summary>
internal sealed class ModelLister(LocalStore store, StoreLayers layers, Downloader downloader)
{
    /// <summary>What the origin has of what is wanted.</summary>
    /// <param name="job">What is pulled.</param>
    /// <param name="known">What was seen of it before; null when nothing was.</param>
    /// <param name="canAnswer">Whether there is something to answer with should the origin be down.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OriginException">There is nothing of that name, or the origin does not answer.</exception>
    public async Task<ListedModel> ListAsync(
        PullJob job,
        KnownVersion? known,
        bool canAnswer,
        CancellationToken cancellationToken
    )
    {
        // Who has something to answer with is not kept waiting for an origin that is down.
        var listing =
            canAnswer && job.Options.StaleIfError
                ? await job.Origin.ListAsync(job.Reference, cancellationToken).ConfigureAwait(false)
                : await downloader.ListAsync(job.Origin, job.Reference, cancellationToken).ConfigureAwait(false);
        return ListedModel.Of(job, listing, known);
    }

    /// <summary>Notes that a version is still the origin's; returns the entry as it is now.</summary>
    public Task<StoreEntry> ConfirmAsync(
        PullJob job,
        ListedModel listed,
        KnownVersion version,
        DateTimeOffset asked,
        CancellationToken cancellationToken
    )
    {
        var before = version.Entry.Source;
        var source = listed.SourceOf(job.Reference, before) with { Archive = before.Archive };
        return ConfirmAsync(
            job,
            version,
            version.Entry with
            {
                Checked = asked,
                Source = source,
            },
            cancellationToken
        );
    }

    /// <summary>Notes that a version was still the origin's when somebody asked; returns the entry as it is now.</summary>
    /// <param name="job">What is pulled.</param>
    /// <param name="version">What is here.</param>
    /// <param name="asked">The entry of who asked, of the same version.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<StoreEntry> ConfirmAsync(
        PullJob job,
        KnownVersion version,
        StoreEntry asked,
        CancellationToken cancellationToken
    )
    {
        var confirmed = version.Entry with
        {
            Checked = asked.Checked,
            Source = asked.Source with { Reference = job.Reference.Text },
        };
        if (version.IsLower)
            layers.Confirm(job.Key, version.Entry.Manifest, asked.Checked);
        else
            await store.UpdateEntryAsync(job.Key, confirmed, cancellationToken).ConfigureAwait(false);
        return confirmed;
    }
}
