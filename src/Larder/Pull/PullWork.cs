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
        var previous = Previous(job.Key);
        var isWhole = await IsWholeAsync(previous?.Entry.Manifest, cancellationToken).ConfigureAwait(false);

        var asked = timeProvider.GetUtcNow();
        var listed = await ListAsync(job, isWhole, previous, cancellationToken).ConfigureAwait(false);
        if (isWhole && IsUnchanged(listed, previous!))
        {
            ThrowIfOther(job, previous!.Manifest);
            await ConfirmAsync(job, listed, previous, asked, cancellationToken).ConfigureAwait(false);
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

    /// <summary>What the origin has of what is wanted, and what is known of it.</summary>
    private async Task<Listed> ListAsync(
        PullJob job,
        bool isWhole,
        Version? previous,
        CancellationToken cancellationToken
    )
    {
        // Who has something to answer with is not kept waiting for an origin that is down.
        var listing =
            isWhole && job.Options.StaleIfError
                ? await job.Origin.ListAsync(job.Reference, cancellationToken).ConfigureAwait(false)
                : await downloader.ListAsync(job.Origin, job.Reference, cancellationToken).ConfigureAwait(false);
        var selection = new FileSelection(job.Options);
        var archive = ArchiveFile.TryFind(job.Reference, listing, job.Options);
        // What is in an archive the listing does not tell.
        if (archive is null)
            listing = selection.Of(job.Reference, listing);
        var plan = TransferPlan.Create(
            job.Reference,
            listing,
            archive is null && previous is { } known ? (known.Entry, known.Manifest) : null,
            job.Options.Adopt is { TrustsSizes: true }
        );
        return new Listed(listing, plan, selection, archive);
    }

    /// <summary>Notes that the origin has nothing newer.</summary>
    private async Task ConfirmAsync(
        PullJob job,
        Listed listed,
        Version previous,
        DateTimeOffset asked,
        CancellationToken cancellationToken
    )
    {
        if (previous.IsLower)
        {
            layers.Confirm(job.Key, previous.Entry.Manifest, asked);
            return;
        }
        var source = SourceOf(job, listed, previous.Entry.Source) with { Archive = previous.Entry.Source.Archive };
        await store
            .UpdateEntryAsync(job.Key, previous.Entry with { Checked = asked, Source = source }, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Brings all files into the staging area.</summary>
    private async Task<(TransferResult Result, EntrySource Source)> BringAsync(
        PullJob job,
        Listed listed,
        Version? previous,
        StagingArea staging,
        CancellationToken cancellationToken
    )
    {
        using var room = await StagingRoom
            .ReserveAsync(store, staging, listed.Plan, cancellationToken)
            .ConfigureAwait(false);
        var source = SourceOf(job, listed, previous?.Entry.Source);
        var (plan, staged) = (listed.Plan, (IReadOnlyDictionary<Digest, string>)NothingStaged);
        if (job.Options.Adopt is { } directory && listed.Archive is null)
        {
            var target = new TransferTarget(store, layers, staging, room);
            var adopter = new Adopter(directory, job.Reference, store, staging, room, target);
            await adopter.RunAsync(plan, cancellationToken).ConfigureAwait(false);
            Tell(job, directory, adopter);
            (plan, staged) = (plan.WithKnown(adopter.Adopted), target.Staged);
            if (adopter.IsTrusting)
                source = source with { Trust = EntrySource.TrustAdopted, Versions = Unproven(source, adopter.BySize) };
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

    private static EntrySource SourceOf(PullJob job, Listed listed, EntrySource? previous)
    {
        var (listing, plan) = (listed.Listing, listed.Plan);
        var trust =
            plan.OriginKnowsDigests ? EntrySource.TrustOrigin
            // A file that was taken on trust once, and is still in use, is no better for it.
            : previous?.Trust == EntrySource.TrustAdopted && plan.Files.Any(file => file.Known is not null)
                ? EntrySource.TrustAdopted
            : EntrySource.TrustFirstUse;
        var source = new EntrySource(
            job.Reference.Text,
            trust,
            plan.Files.ToDictionary(file => file.File.Path, file => file.File.Version, StringComparer.Ordinal)
        )
        {
            Revision = listing.Revision,
            IsFixed = listing.IsFixed,
            HasOnlySizeAndTime = listing.Files.Any(file => file.HasOnlySizeAndTime),
        };
        return previous is { IsUnproven: true }
            ? source with
            {
                Versions = Unproven(
                    source,
                    plan.Files.Where(file =>
                            file.Known is not null
                            && previous.Versions.GetValueOrDefault(file.File.Path) == EntrySource.LengthAlone
                        )
                        .Select(file => file.File.Path)
                ),
            }
            : source;
    }

    /// <summary>The versions of a source without those of files that nobody has compared with the origin's.</summary>
    private static Dictionary<string, string> Unproven(EntrySource source, IEnumerable<string> paths)
    {
        var versions = new Dictionary<string, string>(source.Versions, StringComparer.Ordinal);
        foreach (var path in paths)
            versions[path] = EntrySource.LengthAlone;
        return versions;
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

    private Version? Previous(EntryKey key) =>
        layers.Find(key) is { } found && layers.TryReadManifest(found.Entry.Manifest) is { } manifest
            ? new Version(found.Entry, manifest, found.IsLower)
            : null;

    private async Task<bool> IsWholeAsync(Digest? manifest, CancellationToken cancellationToken)
    {
        if (manifest is not { } digest)
            return false;
        using var stored = await layers.TryOpenSnapshotAsync(digest, cancellationToken).ConfigureAwait(false);
        return stored is not null;
    }

    private static bool IsUnchanged(Listed listed, Version previous) =>
        listed.Archive?.IsOf(previous.Entry.Source) ?? IsUnchanged(listed.Plan, previous.Manifest);

    private static bool IsUnchanged(TransferPlan plan, Manifest previous) =>
        plan.Files.Count == previous.Files.Count
        && plan.Files.Select(file => file.Known).OfType<ManifestFile>().ToHashSet().SetEquals(previous.Files);

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

    private sealed record Version(StoreEntry Entry, Manifest Manifest, bool IsLower);

    private sealed record Listed(
        OriginListing Listing,
        TransferPlan Plan,
        FileSelection Selection,
        ArchiveFile? Archive
    );
}
