using Larder.Content;
using Larder.Origins;
using Larder.Pull.Archives;
using Larder.Pull.Targets;
using Larder.Store;
using Larder.Transfer;
using Microsoft.Extensions.Logging;

namespace Larder.Pull;

/// <summary>The work of one flight: asks the origin, brings what the store lacks, unpacks it if need be, and commits.</summary>
internal sealed class PullWork(
    LocalStore store,
    StoreLayers layers,
    Downloader downloader,
    ModelLister lister,
    ArchiveLimits archiveLimits,
    TimeProvider timeProvider,
    ILogger logger
)
{
    /// <summary>Earlier versions that an entry remembers.</summary>
    private const int MaxVersions = 16;

    private static readonly Dictionary<Digest, string> NothingStaged = [];

    public async Task<PullReport> RunAsync(PullJob job, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        var previous = KnownVersion.Find(layers, job.Key);
        var isWhole = await IsWholeAsync(previous?.Entry.Manifest, cancellationToken).ConfigureAwait(false);

        var asked = timeProvider.GetUtcNow();
        var listed = await lister.ListAsync(job, previous, isWhole, cancellationToken).ConfigureAwait(false);
        if (isWhole && listed.Is(previous!))
        {
            ThrowIfOther(job, previous!.Manifest);
            await lister.ConfirmAsync(job, listed, previous, asked, cancellationToken).ConfigureAwait(false);
            return new PullReport(previous.Entry.Manifest, PullOutcome.Revalidated)
            {
                TimeToGet = previous.Entry.Duration,
                AskedAt = start,
            };
        }

        using var staging = await store.NewTransferAreaAsync(job.Key.Digest, cancellationToken).ConfigureAwait(false);
        var (result, source) = await BringAsync(job, listed, previous, staging, cancellationToken)
            .ConfigureAwait(false);
        ThrowIfOther(job, result.Manifest);
        var entry = new StoreEntry
        {
            Request = job.Key.Request,
            Manifest = result.Manifest.Digest,
            Previous = EarlierVersions(previous is { IsLower: false } ? previous.Entry : null, result.Manifest.Digest),
            Created = timeProvider.GetUtcNow(),
            Checked = asked,
            Duration = timeProvider.GetElapsedTime(start),
            SizeBytes = result.Manifest.SizeBytes,
            Files = result.Manifest.Files.Count,
            Source = source,
        };
        await store
            .CommitAsync(job.Key, entry, result.Manifest, staging, result.Staged, cancellationToken)
            .ConfigureAwait(false);
        logger.Pulled(job.Reference.Text, result.Manifest.Digest, result.FilesFetched, result.BytesFetched);
        return new PullReport(result.Manifest.Digest, PullOutcome.Miss, result.FilesFetched, result.BytesFetched)
        {
            AskedAt = start,
        };
    }

    /// <summary>Brings all files into the staging area.</summary>
    private async Task<(TransferResult Result, EntrySource Source)> BringAsync(
        PullJob job,
        ListedModel listed,
        KnownVersion? previous,
        StagingArea staging,
        CancellationToken cancellationToken
    )
    {
        using var room = await StagingRoom
            .ReserveAsync(store, staging, listed.Plan, cancellationToken)
            .ConfigureAwait(false);
        var source = listed.SourceOf(job.Reference, previous?.Entry.Source);
        var (plan, staged) = (listed.Plan, (IReadOnlyDictionary<Digest, string>)NothingStaged);
        if (job.Options.Adopt is { } directory && listed.Archive is null)
        {
            var target = new TransferTarget(store, layers, staging, room);
            var adopter = new Adopter(directory, job.Reference, store, staging, room, target);
            await adopter.RunAsync(plan, cancellationToken).ConfigureAwait(false);
            Tell(job, directory, adopter);
            (plan, staged) = (plan.WithKnown(adopter.Adopted), target.Staged);
            if (adopter.IsTrusting)
                source = source.WithUnproven(adopter.BySize) with { Trust = EntrySource.TrustAdopted };
        }

        var result = await downloader
            .RunAsync(job.Origin, job.Reference, plan, staging, room, staged, job.Options.Progress, cancellationToken)
            .ConfigureAwait(false);
        if (listed.Archive is not { } archive)
            return (result, source);

        source = source with { Archive = result.Manifest.Files[0] };
        var unpacker = new Unpacker(
            archive,
            listed.Selection,
            archiveLimits,
            new TransferTarget(store, layers, staging, room),
            staging,
            new UnpackRoom(room, copies: store.SnapshotsAreCopies ? 2 : 1)
        );
        return (
            await unpacker
                .RunAsync(result, job.Options.Progress, timeProvider, cancellationToken)
                .ConfigureAwait(false),
            source
        );
    }

    private void Tell(PullJob job, TargetDirectory directory, Adopter adopter)
    {
        const int named = 5;
        if (adopter.Adopted.Count > 0)
            logger.Adopted(job.Reference.Text, adopter.Adopted.Count, directory.Path);
        if (adopter.BySize.Count > 0)
            logger.AdoptedBySize(
                job.Reference.Text,
                adopter.BySize.Count,
                directory.Path,
                string.Join(", ", adopter.BySize.Take(named).Select(Printable.Quote))
                    + (adopter.BySize.Count > named ? ", …" : "")
            );
    }

    // So that they are not forgotten before there is need for their room: '--digest' goes back to one.
    private static List<Digest> EarlierVersions(StoreEntry? before, Digest now) =>
        before is null
            ? []
            :
            [
                .. before
                    .Previous.Prepend(before.Manifest)
                    .Where(version => version != now)
                    .Distinct()
                    .Take(MaxVersions),
            ];

    private async Task<bool> IsWholeAsync(Digest? manifest, CancellationToken cancellationToken)
    {
        if (manifest is not { } digest)
            return false;
        using var stored = await layers.TryOpenSnapshotAsync(digest, cancellationToken).ConfigureAwait(false);
        return stored is not null;
    }

    private static void ThrowIfOther(PullJob job, Manifest manifest)
    {
        if (job.Options.Digest is { } digest && digest != manifest.Digest)
            throw new IntegrityException(
                job.Reference.Text,
                digest.ToString(),
                manifest.Digest.ToString(),
                $"'{job.Reference}' is not the version asked for: expected {digest}, its origin has {manifest.Digest}. Nothing was stored; leave the digest out for the present version."
            );
    }
}
