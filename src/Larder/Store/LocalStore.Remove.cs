using Larder.Content;
using Larder.Store.Scrub;

namespace Larder.Store;

internal sealed partial class LocalStore
{
    // Links are not followed: whatever lies behind one, a removal in the store must not reach it.
    private static readonly EnumerationOptions AllFiles = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    /// <summary>Every entry of the store that can be read, in no order.</summary>
    public IEnumerable<ListedEntry> ListEntries()
    {
        foreach (var kind in Directory.EnumerateDirectories(_layout.Entries))
        foreach (var path in Directory.EnumerateFiles(kind, "*.json", AllFiles))
        {
            if (TryReadFile(path) is not { } bytes)
                continue; // Removed while we were listing.
            if (EntryReader.TryRead(bytes) is { } entry)
                yield return new ListedEntry(path, Path.GetFileName(kind), entry);
            else
                _logger.EntryIgnored(path, "it is not an entry document");
        }
    }

    /// <summary>Whether somebody holds a lease on a snapshot at this moment.</summary>
    public bool IsLeased(Digest manifest)
    {
        var path = _layout.SnapshotLease(manifest);
        if (!File.Exists(path))
            return false;
        if (LockFile.TryAcquire(path, exclusive: true) is not { } lockFile)
            return true;
        lockFile.DisposeAndRemove();
        return false;
    }

    /// <summary>How many blobs there are, and their bytes.</summary>
    public (int Count, long SizeBytes) CountBlobs()
    {
        var count = 0;
        long sizeBytes = 0;
        foreach (var path in Directory.EnumerateFiles(_layout.Blobs, "*", AllFiles))
        {
            if (!BlockChecksumFile.IsOne(path) && Posix.TryStatus(path, out var status))
            {
                count++;
                sizeBytes += status.SizeBytes;
            }
        }
        return (count, sizeBytes);
    }

    /// <summary>Removes entries, their snapshots, and what nothing reaches afterwards; what is leased stays.</summary>
    public async Task<RemovalResult> RemoveAsync(Func<ListedEntry, bool> choose, CancellationToken cancellationToken)
    {
        if (!_locksWork.Value)
            throw new StoreException(
                Root,
                $"File locks do nothing in the store '{Root}', so nobody can tell what is in use, and nothing was removed. Move the store to a file system with working locks."
            );

        // No commit may link names while unreachable ones are removed: it could lose what it counts on.
        using var commitLock = await LockFile
            .AcquireAsync(_layout.CommitLock, exclusive: true, _timeProvider, cancellationToken)
            .ConfigureAwait(false);
        using var staging = NewStagingArea();
        try
        {
            return Remove(staging, choose);
        }
        catch
        {
            staging.LeaveToSweep();
            throw;
        }
    }

    // Not cancelled any more: half of it done, names would be left that nothing reaches.
    private RemovalResult Remove(StagingArea staging, Func<ListedEntry, bool> choose)
    {
        var removed = new List<ListedEntry>();
        var kept = new List<ListedEntry>();
        foreach (var group in ListEntries().ToList().GroupBy(listed => listed.Entry.Manifest))
        {
            var chosen = group.Where(choose).ToList();
            if (chosen.Count == 0)
                continue;
            var isTaken = true;
            if (chosen.Count < group.Count())
                TakeEntries(staging, chosen);
            else
                isTaken = TryTakeAway(staging, group.Key, chosen);
            (isTaken ? removed : kept).AddRange(chosen);
        }
        return new RemovalResult(removed, kept, RemoveUnreachable(staging));
    }

    /// <summary>Takes a snapshot and the last entries that name it; false when somebody holds a lease on it.</summary>
    private bool TryTakeAway(StagingArea staging, Digest manifest, IEnumerable<ListedEntry> entries)
    {
        if (LockFile.TryAcquire(_layout.SnapshotLease(manifest), exclusive: true) is not { } lease)
            return false;
        try
        {
            // The entry first: a crash here leaves files that nothing names, which the next start removes, never a name
            // without files. A reader who comes now waits for the lease, and then finds nothing.
            TakeEntries(staging, entries);
            TryMove(_layout.Snapshot(manifest), staging.NewPath());
            return true;
        }
        finally
        {
            lease.DisposeAndRemove();
        }
    }

    private static void TakeEntries(StagingArea staging, IEnumerable<ListedEntry> entries)
    {
        foreach (var listed in entries)
            Posix.Rename(listed.Path, staging.NewPath());
    }

    /// <summary>Removes every manifest, snapshot and blob that no entry reaches; returns the bytes that this freed.</summary>
    /// <remarks>
    /// The caller holds the commit lock exclusively. What a pull has staged it holds by links of its own. A snapshot that is
    /// leased without an entry, an earlier version of a model, stays with all that it reaches.
    /// </remarks>
    private long RemoveUnreachable(StagingArea staging)
    {
        var manifests = ListEntries().Select(listed => listed.Entry.Manifest).ToHashSet();
        foreach (var path in Directory.EnumerateDirectories(_layout.Snapshots).ToList())
        {
            if (
                Digest.TryParse(Path.GetFileName(path), out var digest)
                && !manifests.Contains(digest)
                && !TryTakeAway(staging, digest, [])
            )
                manifests.Add(digest);
        }
        var manifestPaths = manifests.Select(_layout.Manifest).ToHashSet(StringComparer.Ordinal);
        var blobPaths = manifests
            .Select(TryReadManifest)
            .SelectMany(manifest => manifest?.Files ?? [])
            .Select(file => _layout.Blob(file.Digest))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(_layout.Manifests, "*", AllFiles).ToList())
        {
            if (!manifestPaths.Contains(path))
                Posix.Unlink(path);
        }

        // The snapshots first: then a blob's last link is its own, and its bytes are free when that goes.
        var freed = Directory.EnumerateDirectories(staging.Path).ToList().Sum(DeleteTree);
        foreach (var path in Directory.EnumerateFiles(_layout.Blobs, "*", AllFiles).ToList())
        {
            if (!blobPaths.Contains(BlockChecksumFile.BlobOf(path)))
                freed += Delete(path);
        }
        return freed;
    }

    /// <summary>Removes the names that a failed commit linked: on a full disk they are what stands in the way.</summary>
    private void RemoveLeftOfFailure(StagingArea staging)
    {
        try
        {
            using var commitLock = _locksWork.Value ? LockFile.TryAcquire(_layout.CommitLock, exclusive: true) : null;
            if (commitLock is null)
                staging.LeaveToSweep();
            else
                RemoveUnreachable(staging);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            staging.LeaveToSweep();
        }
    }

    private static long DeleteTree(string directory)
    {
        var freed = Directory.EnumerateFiles(directory, "*", AllFiles).ToList().Sum(Delete);
        Directory.Delete(directory, recursive: true);
        return freed;
    }

    private static long Delete(string path)
    {
        var freed =
            Posix.TryStatus(path, followLinks: false, out var status) && status.Links == 1 ? status.SizeBytes : 0;
        Posix.Unlink(path);
        return freed;
    }

    /// <summary>Finds out whether locks work, and sweeps if they do.</summary>
    private bool Prepare()
    {
        using var staging = StagingArea.Create(_layout);
        var locksWork = staging.IsLocked();
        if (locksWork)
            Sweep(staging);
        else
            _logger.LocksLie(Root);
        return locksWork;
    }

    /// <summary>Removes what processes that died had left: staging areas, locks, and what only they reached.</summary>
    /// <param name="staging">
    /// An area of this process, made before: should it die while it sweeps, the next start sees that too and looks again.
    /// </param>
    private void Sweep(StagingArea staging)
    {
        SweepLocks(_layout.Flights);
        SweepLocks(_layout.Leases);
        StoreMarker.SweepTemporary(Root);

        // A process that died in the middle of a commit left names that nothing reaches, and always its staging area too.
        // Where others are committing right now the next start looks again.
        using var commitLock = LockFile.TryAcquire(_layout.CommitLock, exclusive: true);
        if (commitLock is null || StagingArea.Sweep(_layout) is not (> 0 and var count))
            return;
        RemoveUnreachable(staging);
        _logger.Swept(count, Root);
    }

    private void SweepLocks(string directory)
    {
        foreach (var path in Directory.EnumerateFiles(directory))
        {
            if (path != _layout.CommitLock)
                LockFile.TryAcquire(path, exclusive: true)?.DisposeAndRemove();
        }
    }

    private static void TryMove(string directory, string target)
    {
        try
        {
            Posix.Rename(directory, target);
        }
        catch (IOException failure) when (failure.HResult == Posix.ENOENT)
        {
            // It was never built, or is gone already.
        }
    }
}
