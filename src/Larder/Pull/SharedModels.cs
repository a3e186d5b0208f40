using Larder.Content;
using Larder.Sharing;
using Larder.Store;
using Larder.Transfer;

namespace Larder.Pull;

/// <summary>Models in a team's store: looked for before an origin is asked, and published after.</summary>
/// <remarks>
/// What it finds counts for this machine just as if it had asked the origin itself at the time that the entry says. Nothing here
/// fails a pull: what the shared store does not give, in its time, the origin is asked for. Only the configured namespace is read
/// and written, so that a model of a private origin is for those alone who have that namespace.
/// </remarks>
internal sealed class SharedModels(
    SharedCache shared,
    LocalStore store,
    StoreLayers layers,
    SharedTransfer transfer,
    Publications publications,
    TimeProvider timeProvider
)
{
    /// <summary>Whether a pull has anything to do with the shared store.</summary>
    /// <remarks>
    /// A path of this machine names other files on the next. Who came over the network has shown no right to what others fetched.
    /// </remarks>
    public static bool IsFor(PullJob job) => !job.Reference.IsLocal && !job.Reference.IsUntrusted;

    /// <summary>What the team has of a model; null when it has nothing.</summary>
    public async Task<SharedEntry?> TryFindAsync(PullJob job, CancellationToken cancellationToken) =>
        (await shared.FindAsync([job.Key], cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Whether a shared entry answers a pull without the origin being asked.</summary>
    public bool Answers(SharedEntry found, PullOptions options) =>
        options.Digest is { } digest
            ? found.Manifest == digest
            : Freshness.IsFresh(found.Entry, options, timeProvider.GetUtcNow());

    /// <summary>A version that the team has, with its manifest; null when it is not whole there.</summary>
    public async Task<KnownVersion?> TryReadAsync(SharedEntry? found, CancellationToken cancellationToken) =>
        found is not null
        && await shared.ReadManifestAsync(found, cancellationToken).ConfigureAwait(false) is { } manifest
            ? new KnownVersion(found.Entry, manifest)
            : null;

    /// <summary>Brings all files of a version; null when the shared store did not give them.</summary>
    /// <exception cref="NoRoomException">They do not fit.</exception>
    public Task<TransferResult?> TryBringAsync(
        PullJob job,
        SharedEntry found,
        Manifest manifest,
        StagingArea staging,
        CancellationToken cancellationToken
    ) => transfer.TryRunAsync(shared, found, manifest, staging, job.Options.Progress, cancellationToken);

    /// <summary>Brings those files of a listing that the team has, the origin's marks being the same; null when there are none.</summary>
    /// <exception cref="NoRoomException">They do not fit.</exception>
    public async Task<BorrowedFiles?> TryBorrowAsync(
        PullJob job,
        ListedModel listed,
        SharedEntry found,
        KnownVersion version,
        CancellationToken cancellationToken
    )
    {
        var there = version.Manifest.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var known = ListedModel
            .Of(job, listed.Listing, version)
            .Plan.Files.Select(file => file.Known)
            .OfType<ManifestFile>()
            .Where(file => there.GetValueOrDefault(file.Path) == file && !store.HasBlob(file.Digest, file.SizeBytes))
            .ToDictionary(file => file.Path, StringComparer.Ordinal);
        if (known.Count == 0)
            return null;
        var staging = await store.NewStagingAreaAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var result = await transfer
                .TryRunPartAsync(
                    shared,
                    found,
                    Manifest.Create(known.Values),
                    staging,
                    job.Options.Progress,
                    cancellationToken
                )
                .ConfigureAwait(false);
            if (result is not null)
                return new BorrowedFiles(staging, known, result.Staged, result.BytesFetched);
        }
        catch
        {
            staging.Dispose();
            throw;
        }
        staging.Dispose();
        return null;
    }

    /// <summary>Waits until this machine is the one that fetches a model from its origin, or another has done it.</summary>
    /// <param name="job">The pull.</param>
    /// <param name="found">What the team has and is no answer; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<SharedLease> LeaseAsync(PullJob job, SharedEntry? found, CancellationToken cancellationToken) =>
        shared.AcquireLeaseAsync(job.Key, found, cancellationToken);

    /// <summary>Publishes what a pull has stored, or that it is still the origin's version, while the pull's caller goes on.</summary>
    /// <param name="job">The pull.</param>
    /// <param name="entry">What this machine has.</param>
    /// <param name="lease">Given back when it is done.</param>
    public void Publish(PullJob job, StoreEntry entry, SharedLease? lease)
    {
        // Nobody takes the files away while they are sent.
        var held = IsWorthSharing(entry) ? layers.TryOpenWholeSnapshot(entry.Manifest) : null;
        publications.Begin(
            job.Reference.Text,
            token =>
                held is null
                    ? Task.CompletedTask
                    : shared.PublishAsync(
                        job.Key,
                        entry,
                        held.Manifest,
                        file => layers.PathOf(held.Path, file),
                        token
                    ),
            async () =>
            {
                held?.Dispose();
                if (lease is not null)
                    await lease.DisposeAsync().ConfigureAwait(false);
            }
        );
    }

    // What somebody took on trust in his own directory is not for others.
    private bool IsWorthSharing(StoreEntry entry) =>
        shared.Options.Write && entry.Source.Trust != EntrySource.TrustAdopted;
}
