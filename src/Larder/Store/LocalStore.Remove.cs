using Larder.Content;

namespace Larder.Store;

internal sealed partial class LocalStore
{
    /// <summary>Every entry of the store that can be read, in no order.</summary>
    public IEnumerable<ListedEntry> ListEntries()
    {
        foreach (var kind in Directory.EnumerateDirectories(_layout.Entries))
        foreach (var path in Directory.EnumerateFiles(kind, "*.json", SearchOption.AllDirectories))
        {
            if (TryReadFile(path) is not { } bytes)
                continue; // Removed while we were listing.
            if (EntryDocument.TryRead(bytes) is { } entry)
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
        foreach (var path in Directory.EnumerateFiles(_layout.Blobs, "*", SearchOption.AllDirectories))
        {
            if (Posix.TryStatus(path, out var status))
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
        if (!_locksWork)
            throw new StoreException(
                Root,
                $"File locks do nothing in the store '{Root}', so nobody can tell what is in use, and nothing was removed. Move the store to a file system with working locks."
            );

        // No commit may link names while unreachable ones are removed: it could lose what it counts on.
        using var commitLock = await LockFile
            .AcquireAsync(_layout.CommitLock, exclusive: true, _timeProvider, cancellationToken)
            .ConfigureAwait(false);
        using var staging = NewStagingArea();

        var removed = new List<ListedEntry>();
        var kept = new List<ListedEntry>();
        foreach (var group in ListEntries().ToList().GroupBy(listed => listed.Entry.Manifest))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var chosen = group.Where(choose).ToList();
            if (chosen.Count == 0)
                continue;
            var isLast = chosen.Count == group.Count();
            (TryTakeAway(staging, group.Key, chosen, isLast) ? removed : kept).AddRange(chosen);
        }
        return new RemovalResult(removed, kept, RemoveUnreachable(staging));
    }

    private bool TryTakeAway(StagingArea staging, Digest manifest, List<ListedEntry> entries, bool withSnapshot)
    {
        if (!withSnapshot)
        {
            entries.ForEach(listed => Posix.Rename(listed.Path, staging.NewPath()));
            return true;
        }
        if (LockFile.TryAcquire(_layout.SnapshotLease(manifest), exclusive: true) is not { } lease)
            return false;

        // The entry first: a crash here leaves files that nothing names, which the next start removes, never a name
        // without files. A reader who comes now waits for the lease, and then finds nothing.
        entries.ForEach(listed => Posix.Rename(listed.Path, staging.NewPath()));
        TryMove(_layout.Snapshot(manifest), staging.NewPath());
        lease.DisposeAndRemove();
        return true;
    }

    /// <summary>Removes every manifest, snapshot and blob that no entry reaches; returns the bytes that this freed.</summary>
    /// <remarks>The caller holds the commit lock exclusively. What a pull has staged it holds by links of its own.</remarks>
    private long RemoveUnreachable(StagingArea staging)
    {
        var manifests = ListEntries().Select(listed => listed.Entry.Manifest).ToHashSet();
        var blobs = manifests
            .Select(TryReadManifest)
            .SelectMany(manifest => manifest?.Files ?? [])
            .Select(file => _layout.Blob(file.Digest))
            .ToHashSet(StringComparer.Ordinal);

        foreach (var path in Directory.EnumerateDirectories(_layout.Snapshots).ToList())
        {
            if (Digest.TryParse(Path.GetFileName(path), out var digest) && !manifests.Contains(digest) && !IsLeased(digest))
                TryMove(path, staging.NewPath());
        }
        var manifestPaths = manifests.Select(_layout.Manifest).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(_layout.Manifests, "*", SearchOption.AllDirectories).ToList())
        {
            if (!manifestPaths.Contains(path))
                Posix.Unlink(path);
        }

        // The snapshots first: then a blob's last link is its own, and its bytes are free when that goes.
        var freed = Directory.EnumerateDirectories(staging.Path).ToList().Sum(DeleteTree);
        foreach (var path in Directory.EnumerateFiles(_layout.Blobs, "*", SearchOption.AllDirectories).ToList())
        {
            if (!blobs.Contains(path))
                freed += Delete(path);
        }
        return freed;
    }

    private static long DeleteTree(string directory)
    {
        var freed = Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).ToList().Sum(Delete);
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
