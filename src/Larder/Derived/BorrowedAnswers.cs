using Larder.Content;
using Larder.Pull;
using Larder.Sharing;
using Larder.Store;
using Larder.Transfer;

namespace Larder.Derived;

/// <summary>Makes files that are there already the answer of a key: those of another key, those of a shared store.</summary>
internal sealed class BorrowedAnswers(
    LocalStore store,
    StoreLayers layers,
    DerivedEntries derived,
    SharedTransfer transfer
)
{
    private static readonly SharedPublication NothingPublished = new(SharedOutcome.NotPublished, null, 0);

    /// <summary>Makes files of this store the answer of a key; false when not all of their bytes are here.</summary>
    /// <remarks>Nothing is copied, unless it is from the lower store or snapshots are copies that must be made anew.</remarks>
    public async Task<bool> TryAnswerAsync(
        EntryKey key,
        Digest digest,
        DerivedSource source,
        CancellationToken cancellationToken
    )
    {
        using var flight = await FlyAsync(key, cancellationToken).ConfigureAwait(false);
        if (await derived.IsThereAsync(key, cancellationToken).ConfigureAwait(false))
            return true;
        if (layers.TryReadManifest(digest) is not { } manifest)
            return false;
        // While it is leased nobody takes it away, and the commit finds it as it is. Built again if need be, with its own room.
        using var held = await store.TryOpenSnapshotAsync(digest, cancellationToken).ConfigureAwait(false);
        using var staging = await store.NewStagingAreaAsync(cancellationToken).ConfigureAwait(false);
        if (
            held is null
            && !await store
                .TryReserveFreeAsync(
                    staging,
                    store.SnapshotsAreCopies ? 2 * manifest.SizeBytes : manifest.SizeBytes,
                    cancellationToken
                )
                .ConfigureAwait(false)
        )
            return false;
        if (TryStage(manifest, staging, isRoomForCopies: held is null) is not { } staged)
            return false;
        await store
            .CommitAsync(key, derived.EntryOf(key, manifest, source), manifest, staging, staged, cancellationToken)
            .ConfigureAwait(false);
        return true;
    }

    /// <summary>Fetches what a shared entry names, and makes it the answer of its key here.</summary>
    /// <returns>The files under a lease; null when the shared store could not give them.</returns>
    /// <exception cref="NoRoomException">They do not fit, whatever is removed for them.</exception>
    public async Task<FetchedFiles?> FetchAsync(
        SharedCache shared,
        SharedEntry entry,
        Manifest manifest,
        DerivedSource source,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        using var flight = await FlyAsync(entry.Key, cancellationToken).ConfigureAwait(false);
        if (await derived.TryOpenAsync(entry.Key, cancellationToken).ConfigureAwait(false) is { } there)
            return new FetchedFiles(there, BytesFetched: 0, FilesFetched: 0);
        using var staging = await store.NewTransferAreaAsync(entry.Key.Digest, cancellationToken).ConfigureAwait(false);
        var result = await transfer
            .TryRunAsync(shared, entry, manifest, staging, progress, cancellationToken)
            .ConfigureAwait(false);
        if (result is null)
            return null;
        await store
            .CommitAsync(
                entry.Key,
                derived.EntryOf(entry.Key, manifest, source),
                manifest,
                staging,
                result.Staged,
                cancellationToken
            )
            .ConfigureAwait(false);
        return await derived.TryOpenAsync(entry.Key, cancellationToken).ConfigureAwait(false) is { } files
            ? new FetchedFiles(files, result.BytesFetched, result.FilesFetched)
            : null;
    }

    /// <summary>Publishes what the store answers to a key.</summary>
    public async Task<SharedPublication> PublishAsync(
        SharedCache shared,
        EntryKey key,
        CancellationToken cancellationToken
    )
    {
        if (layers.Find(key)?.Entry is not { } entry)
            return NothingPublished;
        // Nobody takes the files away while they are sent.
        using var held =
            layers.TryOpenWholeSnapshot(entry.Manifest)
            ?? await layers.TryOpenSnapshotAsync(entry.Manifest, cancellationToken).ConfigureAwait(false);
        return held is null
            ? NothingPublished
            : await shared
                .PublishAsync(key, entry, held.Manifest, file => layers.PathOf(held.Path, file), cancellationToken)
                .ConfigureAwait(false);
    }

    private Task<FlightLock?> FlyAsync(EntryKey key, CancellationToken cancellationToken) =>
        FlightLock.AcquireAsync(store.FlightPath(key, version: null), cancellationToken);

    /// <summary>Links the blobs of a manifest into a staging area; null when one of them is not here.</summary>
    private Dictionary<Digest, string>? TryStage(Manifest manifest, StagingArea staging, bool isRoomForCopies)
    {
        var staged = new Dictionary<Digest, string>();
        foreach (var file in manifest.Files)
        {
            if (staged.ContainsKey(file.Digest))
                continue;
            if (
                !store.TryStage(staging, file.Digest, file.SizeBytes, out var path)
                && !(isRoomForCopies && layers.TryCopyFromLower(file, path))
            )
                return null;
            staged.Add(file.Digest, path);
        }
        return staged;
    }
}
