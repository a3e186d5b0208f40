using System.Globalization;
using System.Text;
using Larder.Content;
using Larder.Store.Room;
using Larder.Store.Scrub;

namespace Larder.Store;

internal sealed partial class LocalStore
{
    /// <summary>Puts a blob that is there into the staging area, where nobody can take it away; false when it is not there.</summary>
    public bool TryStage(StagingArea staging, Digest digest, long sizeBytes, out string path)
    {
        path = staging.NewPath();
        if (!HasBlob(digest, sizeBytes))
            return false;
        try
        {
            if (!Posix.TryLink(_layout.Blob(digest), path))
                return false;
            BlockChecksumFile.TryLink(_layout.Blob(digest), path, sizeBytes);
            return true;
        }
        catch (IOException failure) when (failure.HResult is Posix.ENOENT or Posix.EMLINK)
        {
            // Removed since the look, or without a link left to give: it is fetched like any other.
            return false;
        }
    }

    /// <summary>Makes staged and verified files an entry, in an order that leaves nothing half-visible after a crash.</summary>
    /// <param name="key">What the entry answers.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="manifest">The manifest of the entry.</param>
    /// <param name="staging">Where the staged files lie.</param>
    /// <param name="staged">For each digest of the manifest a sealed file with these bytes.</param>
    /// <param name="cancellationToken">Stops the wait for a removal that is under way; the steps themselves are not cancelled.</param>
    public async Task CommitAsync(
        EntryKey key,
        StoreEntry entry,
        Manifest manifest,
        StagingArea staging,
        IReadOnlyDictionary<Digest, string> staged,
        CancellationToken cancellationToken
    )
    {
        using var commitLock = await LockToLinkAsync(cancellationToken).ConfigureAwait(false);
        var before = TryReadEntry(key);
        try
        {
            staging.Mark = staging.Mark with { ChangesNames = true };
            var added = LinkBlobs(manifest, staged);
            StepReached(CommitStep.BlobsLinked);
            LinkManifest(staging, manifest);
            StepReached(CommitStep.ManifestLinked);
            added += PlaceSnapshot(staging, _layout.Snapshot(manifest.Digest), manifest, staged);
            StepReached(CommitStep.SnapshotPlaced);
            added += PlaceEntry(staging, key, entry, before);
            StepReached(CommitStep.EntryPlaced);
            // Who removes looks after he has taken a name whether somebody counts on it; so does who counts on it.
            if (!LocksWork)
                added += LinkAgain(staging, manifest, staged);
            await CountAsync(staging, added).ConfigureAwait(false);
            staging.Settle();
        }
        catch
        {
            commitLock.Dispose();
            await RemoveLeftOfFailureAsync(staging).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Replaces an entry's document by a newer one, if the entry still names the same manifest.</summary>
    public async Task UpdateEntryAsync(EntryKey key, StoreEntry entry, CancellationToken cancellationToken)
    {
        using var staging = await NewStagingAreaAsync(cancellationToken).ConfigureAwait(false);
        using var commitLock = await LockToLinkAsync(cancellationToken).ConfigureAwait(false);
        // What was removed since it was read stays removed: a name must not outlive what it reaches.
        var present = TryReadEntry(key);
        if (present?.Manifest == entry.Manifest)
            PlaceEntry(staging, key, entry, present);
    }

    /// <summary>Gives a staged and verified file the name of its blob, and waits until it has it on the device.</summary>
    public async Task LinkBlobAsync(
        StagingArea staging,
        string staged,
        ManifestFile file,
        CancellationToken cancellationToken
    )
    {
        using var commitLock = await LockToLinkAsync(cancellationToken).ConfigureAwait(false);
        var path = _layout.Blob(file.Digest);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        staging.Mark = staging.Mark with { ChangesNames = true };
        var added = Link(staged, path, file.SizeBytes);
        BlockChecksumFile.TryLink(staged, path, file.SizeBytes);
        Durability.SyncUpwards(Path.GetDirectoryName(path)!, Root);
        await CountAsync(staging, added).ConfigureAwait(false);
    }

    /// <summary>While this is held nobody removes what nothing reaches yet.</summary>
    private Task<LockFile> LockToLinkAsync(CancellationToken cancellationToken) =>
        LockFile.AcquireAsync(_layout.CommitLock, exclusive: false, cancellationToken);

    private StoreCounts LinkBlobs(Manifest manifest, IReadOnlyDictionary<Digest, string> staged)
    {
        var added = StoreCounts.Zero;
        var directories = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in manifest.Files)
        {
            var path = _layout.Blob(file.Digest);
            var directory = Path.GetDirectoryName(path)!;
            if (directories.Add(directory))
                Directory.CreateDirectory(directory);
            added += Link(staged[file.Digest], path, file.SizeBytes);
            BlockChecksumFile.TryLink(staged[file.Digest], path, file.SizeBytes);
        }
        foreach (var directory in directories)
            Posix.SyncDirectory(directory);
        Durability.SyncUpwards(_layout.Blobs, Root);
        return added;
    }

    private StoreCounts Link(string staged, string path, long sizeBytes)
    {
        var removed = StoreCounts.Zero;
        while (!Posix.TryLink(staged, path))
        {
            if (IsUntouched(path, sizeBytes))
                return removed;
            removed += MoveToQuarantine(path);
        }
        return removed + new StoreCounts { Blobs = 1, BlobBytes = sizeBytes };
    }

    /// <summary>Gives those names back that a remover took before it could see the entry.</summary>
    private StoreCounts LinkAgain(StagingArea staging, Manifest manifest, IReadOnlyDictionary<Digest, string> staged)
    {
        var added = LinkBlobs(manifest, staged);
        LinkManifest(staging, manifest);
        return added;
    }

    /// <summary>Takes a finished change into the store's counts.</summary>
    private async Task CountAsync(StagingArea staging, StoreCounts added)
    {
        try
        {
            await Room.ChangeAsync(staging, added, reservedBytes: 0, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure) || failure is StoreException)
        {
            // The change itself is done and good: a wrong count is no reason to say that it is not. The next sweep counts.
            _logger.NotCounted(Root, failure.Message);
            staging.LeaveToSweep();
        }
    }

    private void LinkManifest(StagingArea staging, Manifest manifest)
    {
        var path = _layout.Manifest(manifest.Digest);
        var staged = staging.NewPath();
        Durability.WriteFile(staged, manifest.Bytes.Span);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (!Posix.TryLink(staged, path))
        {
            if (TryReadManifest(manifest.Digest) is not null)
                return;
            MoveToQuarantine(path);
        }
        Durability.SyncUpwards(Path.GetDirectoryName(path)!, Root);
    }

    private StoreCounts PlaceSnapshot(
        StagingArea staging,
        string path,
        Manifest manifest,
        IReadOnlyDictionary<Digest, string> staged
    )
    {
        if (IsWhole(path, manifest))
            return StoreCounts.Zero;

        ThrowIfTooLong(path, manifest);
        var built = staging.NewPath();
        Directory.CreateDirectory(built);
        long copied = 0;
        foreach (var file in manifest.Files)
        {
            var target = Path.Join(built, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            copied += Materialize(file.Digest, target, staged);
        }

        // Whoever was quicker has built the same; only a damaged one must go, in one step where the file system can, so
        // that those who hold it by path never see it missing. What was swapped out goes with the staging area.
        while (!Posix.TryRenameDirectory(built, path))
        {
            if (IsWhole(path, manifest))
                return StoreCounts.Zero;
            if (Posix.TryExchange(built, path))
                break;
            TryMove(path, staging.NewPath());
        }
        return new StoreCounts { CopyBytes = copied };
    }

    private long Materialize(Digest digest, string target, IReadOnlyDictionary<Digest, string> staged)
    {
        try
        {
            return _materializer.Materialize(_layout.Blob(digest), target, digest);
        }
        catch (IOException gone)
            when ((gone is FileNotFoundException || gone.HResult == Posix.ENOENT)
                && staged.TryGetValue(digest, out var own)
            )
        {
            // Where locks lie a remover may have taken the blob just now; it is linked again before the commit ends.
            return _materializer.Materialize(own, target, digest);
        }
    }

    // The store could build it step by step, and nobody could open it by its path.
    private static void ThrowIfTooLong(string snapshot, Manifest manifest)
    {
        foreach (var file in manifest.Files)
        {
            var length = Encoding.UTF8.GetByteCount(snapshot) + 1 + Encoding.UTF8.GetByteCount(file.Path);
            if (length > Posix.MaxPathBytes)
                throw new StoreException(
                    snapshot,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"A file of the model would have a path of {length} bytes in the store, and the system allows {Posix.MaxPathBytes}: '{file.Path}' below '{snapshot}'. Use a store with a shorter path, or give the model shorter names."
                    )
                );
        }
    }

    private StoreCounts PlaceEntry(StagingArea staging, EntryKey key, StoreEntry entry, StoreEntry? before)
    {
        var path = _layout.Entry(key);
        var staged = staging.NewPath();
        Durability.WriteFile(staged, EntryDocument.Write(entry));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var isNew = !Posix.Exists(path);
        Posix.Rename(staged, path);
        Durability.SyncUpwards(Path.GetDirectoryName(path)!, Root);
        if (isNew)
            return new StoreCounts { Entries = 1, EntryBytes = entry.SizeBytes };
        // Of a damaged one nobody knows the bytes; most likely they were the same.
        return new StoreCounts { EntryBytes = before is null ? 0 : entry.SizeBytes - before.SizeBytes };
    }

    /// <summary>Takes a damaged blob or manifest out of the way; returns what the store counts less, if it is a blob.</summary>
    private StoreCounts MoveToQuarantine(string path)
    {
        var target = Path.Combine(_layout.Quarantine, $"{Guid.NewGuid():n}-{Path.GetFileName(path)}");
        try
        {
            Posix.Rename(path, target);
            BlockChecksumFile.TryMove(path, target);
        }
        catch (IOException failure) when (failure.HResult == Posix.ENOENT)
        {
            return StoreCounts.Zero; // Somebody else moved it.
        }
        _logger.Quarantined(path, target);
        return path.StartsWith(_layout.Blobs, StringComparison.Ordinal) && Posix.TryStatus(target, out var status)
            ? new StoreCounts { Blobs = -1, BlobBytes = -status.SizeBytes }
            : StoreCounts.Zero;
    }
}
