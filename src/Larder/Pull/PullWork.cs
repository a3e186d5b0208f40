using Larder.Content;
using Larder.Pull.Archives;
using Larder.Pull.Targets;
using Larder.Sharing;
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

    /// <summary>Where models may be had besides their origins; null for nowhere.</summary>
    public SharedModels? Shared { get; init; }

    /// <summary>Begins the work: looks at what is here.</summary>
    public async Task<PullTurn> BeginAsync(PullJob job, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        var previous = KnownVersion.Find(layers, job.Key);
        var isWhole = await IsWholeAsync(previous?.Entry.Manifest, cancellationToken).ConfigureAwait(false);
        return new PullTurn(job, start, previous, isWhole);
    }

    /// <summary>Asks the origin, and brings what is not here: from the team's store where that has it, else from the origin.</summary>
    /// <param name="turn">The pull.</param>
    /// <param name="found">What the team's store has of it; null for nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The answer, and the entry that is stored now.</returns>
    public async Task<(PullReport Report, StoreEntry Entry)> RunAsync(
        PullTurn turn,
        SharedEntry? found,
        CancellationToken cancellationToken
    )
    {
        var (job, previous) = (turn.Job, turn.Previous);
        var asked = timeProvider.GetUtcNow();
        var listed = await lister.ListAsync(job, previous, turn.IsWhole, cancellationToken).ConfigureAwait(false);
        if (turn.IsWhole && listed.Is(previous!))
        {
            ThrowIfOther(job, previous!.Manifest);
            var confirmed = await lister
                .ConfirmAsync(job, listed, previous, asked, cancellationToken)
                .ConfigureAwait(false);
            return (turn.Revalidated(), confirmed);
        }
        var shared = Shared is null ? null : await Shared.TryReadAsync(found, cancellationToken).ConfigureAwait(false);
        if (shared is not null && ListedModel.Of(job, listed.Listing, shared).Is(shared))
        {
            ThrowIfOther(job, shared.Manifest);
            var source = listed.SourceOf(job.Reference, previous: null) with { Archive = shared.Entry.Source.Archive };
            var current = shared with { Entry = shared.Entry with { Checked = asked, Source = source } };
            if (await TryTakeAsync(turn, found!, current, cancellationToken).ConfigureAwait(false) is { } taken)
                return taken;
        }
        using var staging = await store.NewTransferAreaAsync(job.Key.Digest, cancellationToken).ConfigureAwait(false);
        using var borrowed =
            shared is null || listed.Archive is not null
                ? null
                : await Shared!.TryBorrowAsync(job, listed, found!, shared, cancellationToken).ConfigureAwait(false);
        return await FetchAsync(turn, listed, borrowed, staging, asked, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Brings all of a version from the team's store; null when that did not give it.</summary>
    /// <param name="turn">The pull.</param>
    /// <param name="found">What the team's store has.</param>
    /// <param name="version">The same with its manifest; its entry says when the origin was asked, and what it told.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<(PullReport Report, StoreEntry Entry)?> TryTakeAsync(
        PullTurn turn,
        SharedEntry found,
        KnownVersion version,
        CancellationToken cancellationToken
    )
    {
        var job = turn.Job;
        using var staging = await store.NewTransferAreaAsync(job.Key.Digest, cancellationToken).ConfigureAwait(false);
        var result = await Shared!
            .TryBringAsync(job, found, version.Manifest, staging, cancellationToken)
            .ConfigureAwait(false);
        if (result is null)
            return null;
        var entry =
            turn.Previous is { IsLower: false } newer && newer.Entry.Checked > version.Entry.Checked
                // An earlier version that was asked for by its digest: the entry goes on following its origin.
                ? newer.Entry with
                {
                    Previous = Earlier([version.Entry.Manifest, .. newer.Entry.Previous], newer.Entry.Manifest),
                }
                : EntryOf(turn, result.Manifest, version.SourceFor(job.Reference), version.Entry.Checked);
        await store
            .CommitAsync(job.Key, entry, result.Manifest, staging, result.Staged, cancellationToken)
            .ConfigureAwait(false);
        logger.TookShared(job.Reference.Text, result.Manifest.Digest, result.FilesFetched, result.BytesFetched);
        var report = new PullReport(result.Manifest.Digest, PullOutcome.Shared)
        {
            AskedAt = turn.Start,
            BytesFromShared = result.BytesFetched,
        };
        return (report, entry);
    }

    /// <summary>Brings what neither this machine nor the team has, and commits all of it.</summary>
    private async Task<(PullReport Report, StoreEntry Entry)> FetchAsync(
        PullTurn turn,
        ListedModel listed,
        BorrowedFiles? borrowed,
        StagingArea staging,
        DateTimeOffset asked,
        CancellationToken cancellationToken
    )
    {
        var job = turn.Job;
        var (result, source) = await BringAsync(job, listed, turn.Previous, borrowed, staging, cancellationToken)
            .ConfigureAwait(false);
        ThrowIfOther(job, result.Manifest);
        var entry = EntryOf(turn, result.Manifest, source, asked);
        await store
            .CommitAsync(job.Key, entry, result.Manifest, staging, result.Staged, cancellationToken)
            .ConfigureAwait(false);
        logger.Pulled(job.Reference.Text, result.Manifest.Digest, result.FilesFetched, result.BytesFetched);
        var outcome = borrowed is not null && result.FilesFetched == 0 ? PullOutcome.Shared : PullOutcome.Miss;
        var report = new PullReport(result.Manifest.Digest, outcome, result.FilesFetched, result.BytesFetched)
        {
            AskedAt = turn.Start,
            BytesFromShared = borrowed?.SizeBytes ?? 0,
        };
        return (report, entry);
    }

    private StoreEntry EntryOf(PullTurn turn, Manifest manifest, EntrySource source, DateTimeOffset asked) =>
        new()
        {
            Request = turn.Job.Key.Request,
            Manifest = manifest.Digest,
            Previous = turn.Previous is { IsLower: false, Entry: var before }
                ? Earlier([before.Manifest, .. before.Previous], manifest.Digest)
                : [],
            Created = timeProvider.GetUtcNow(),
            Checked = asked,
            Duration = timeProvider.GetElapsedTime(turn.Start),
            SizeBytes = manifest.SizeBytes,
            Files = manifest.Files.Count,
            Source = source,
        };

    /// <summary>Brings all files into the staging area.</summary>
    private async Task<(TransferResult Result, EntrySource Source)> BringAsync(
        PullJob job,
        ListedModel listed,
        KnownVersion? previous,
        BorrowedFiles? borrowed,
        StagingArea staging,
        CancellationToken cancellationToken
    )
    {
        var plan = borrowed is null ? listed.Plan : listed.Plan.WithKnown(borrowed.Known);
        var staged = borrowed?.Staged ?? NothingStaged;
        using var room = await StagingRoom
            .ReserveAsync(store, staging, plan, staged, cancellationToken)
            .ConfigureAwait(false);
        var source = listed.SourceOf(job.Reference, previous?.Entry.Source);
        if (job.Options.Adopt is { } directory && listed.Archive is null)
        {
            var target = new TransferTarget(store, layers, staging, room, staged);
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
    private static List<Digest> Earlier(IEnumerable<Digest> versions, Digest now) =>
        [.. versions.Where(version => version != now).Distinct().Take(MaxVersions)];

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
