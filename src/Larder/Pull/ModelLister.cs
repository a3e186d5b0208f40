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
    public async Task<StoreEntry> ConfirmAsync(
        PullJob job,
        ListedModel listed,
        KnownVersion version,
        DateTimeOffset asked,
        CancellationToken cancellationToken
    )
    {
        var source = listed.SourceOf(job.Reference, version.Entry.Source) with
        {
            Archive = version.Entry.Source.Archive,
        };
        var confirmed = version.Entry with { Checked = asked, Source = source };
        if (version.IsLower)
            layers.Confirm(job.Key, version.Entry.Manifest, asked);
        else
            await store.UpdateEntryAsync(job.Key, confirmed, cancellationToken).ConfigureAwait(false);
        return confirmed;
    }
}
