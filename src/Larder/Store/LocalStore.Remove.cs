using Larder.Content;
using Larder.Store.Eviction;
using Larder.Store.Index;
using Larder.Store.Usage;

namespace Larder.Store;

internal sealed partial class LocalStore
{
    // Links are not followed: whatever lies behind one, a removal in the store must not reach it.
    internal static readonly EnumerationOptions AllFiles = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    // The index serves one caller at a time. Whoever waits for it has a removal in mind, and those go one after another.
    private readonly SemaphoreSlim _removals = new(1, 1);

    /// <summary>Removes entries and what they alone reach; what is leased or pinned stays.</summary>
    /// <param name="choose">Which entries.</param>
    /// <param name="cancellationToken">Stops the wait for others; a removal that has begun is not stopped.</param>
    public Task<RemovalResult> RemoveAsync(Func<IndexedEntry, bool> choose, CancellationToken cancellationToken) =>
        RemoveAsync((remover, index, kept) => Clear(remover, index, choose, kept), cancellationToken);

    /// <summary>Removes what is worth least until a goal is reached; what is leased or pinned stays.</summary>
    public Task<RemovalResult> EvictAsync(EvictionGoal goal, CancellationToken cancellationToken) =>
        RemoveAsync((remover, index, kept) => Evict(remover, index, goal, kept), cancellationToken);

    /// <summary>What a removal of entries would do now; nothing is touched.</summary>
    /// <param name="choose">Which entries.</param>
    /// <param name="isReleased">Versions whose leases the caller will have returned before the removal.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    public async Task<RemovalPreview> PreviewRemovalAsync(
        Func<IndexedEntry, bool> choose,
        Func<Digest, bool> isReleased,
        CancellationToken cancellationToken
    )
    {
        await _removals.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // An index of its own: what is chosen here is taken out of it, and stays in the store.
            var index = new StoreIndex(this, _layout, _timeProvider);
            index.Refresh();
            var preview = new RemovalPreview(
                index,
                PinSet.Read(_layout),
                version => Leases.IsHeld(version) && !isReleased(version),
                HeldBytes
            );
            preview.Clear(choose);
            return preview;
        }
        finally
        {
            _removals.Release();
        }
    }

    /// <summary>What an eviction would remove, and what would stay because somebody holds it; nothing is touched.</summary>
    public async Task<RemovalResult> PreviewEvictionAsync(EvictionGoal goal, CancellationToken cancellationToken)
    {
        await _removals.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // An index of its own: what is chosen here is taken out of it, and stays in the store.
            var index = new StoreIndex(this, _layout, _timeProvider);
            index.Refresh();
            var pins = PinSet.Read(_layout);
            var (removed, kept) = (new List<IndexedEntry>(), new List<IndexedEntry>());
            long freed = 0;
            foreach (var version in Victims(index, goal, () => freed))
            {
                if (pins.Has(version) || Leases.IsHeld(version.Manifest))
                {
                    kept.AddRange(version.Entries);
                    continue;
                }
                removed.AddRange(version.Entries);
                freed += HeldBytes(version);
                index.Remove(version);
            }
            return new RemovalResult(removed, kept, freed);
        }
        finally
        {
            _removals.Release();
        }
    }

    // What a removal would count: blobs as they are on disk, as a verification may have taken one away, and copies besides.
    private long HeldBytes(IndexedVersion version) =>
        version.Blobs.Where(blob => blob.Users == 1).Sum(blob => BytesOf(_layout.Blob(blob.Digest)))
        + _materializer.CopyBytesOf(_layout.Snapshot(version.Manifest));

    private static long BytesOf(string path) =>
        Posix.TryStatus(path, followLinks: false, out var status) ? status.SizeBytes : 0;

    private async Task<RemovalResult> RemoveAsync(
        Action<Remover, StoreIndex, List<IndexedEntry>> work,
        CancellationToken cancellationToken
    )
    {
        var staging = await NewStagingAreaAsync(cancellationToken).ConfigureAwait(false);
        using var _ = staging;
        await _removals.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _index ??= new StoreIndex(this, _layout, _timeProvider);
            // Most of the reading is done before others are kept waiting; under the lock only what changed meanwhile is read.
            _index.Refresh();
            var kept = new List<IndexedEntry>();
            List<IndexedEntry> removed;
            // No commit may link names while unreachable ones are removed: it could lose what it counts on.
            using (
                await LockFile
                    .AcquireAsync(_layout.CommitLock, exclusive: true, cancellationToken)
                    .ConfigureAwait(false)
            )
            {
                removed = await RemoveLockedAsync(staging, _index, work, kept).ConfigureAwait(false);
            }
            return new RemovalResult(removed, kept, DeleteTaken(staging));
        }
        catch
        {
            // What was half done is known from the files alone.
            _index = null;
            throw;
        }
        finally
        {
            _removals.Release();
        }
    }

    // Not cancelled any more: half of it done, names would be left that nothing reaches.
    private async Task<List<IndexedEntry>> RemoveLockedAsync(
        StagingArea staging,
        StoreIndex index,
        Action<Remover, StoreIndex, List<IndexedEntry>> work,
        List<IndexedEntry> kept
    )
    {
        var remover = new Remover(_layout, index, Leases, _materializer, staging, LocksWork);
        try
        {
            index.Refresh();
            staging.Mark = new StagingMark(0, ChangesNames: true);
            work(remover, index, kept);
            // Else power could bring the names back after it took the mark that tells of them.
            Posix.SyncDirectory(staging.Path);
            StepReached(CommitStep.NamesTaken);
            // Until they are deleted the bytes still take room: this area has them reserved.
            await Room.ChangeAsync(staging, -remover.Taken, remover.Taken.HeldBytes, CancellationToken.None)
                .ConfigureAwait(false);
            if (remover.LeftFiles && LocksWork)
                await RemoveUnreachableAsync(staging).ConfigureAwait(false);
            return remover.Entries;
        }
        catch
        {
            staging.LeaveToSweep();
            throw;
        }
    }

    private static void Clear(
        Remover remover,
        StoreIndex index,
        Func<IndexedEntry, bool> choose,
        List<IndexedEntry> kept
    )
    {
        var chosen = index.Entries.Where(choose).ToList();
        remover.TakeEntries(chosen.Where(entry => index.Find(entry.Manifest) is null && !remover.IsPinned(entry)));
        foreach (var group in chosen.GroupBy(entry => entry.Manifest))
        {
            if (index.Find(group.Key) is not { } version)
                continue;
            var free = group.Where(entry => !remover.IsPinned(entry)).ToList();
            kept.AddRange(group.Except(free));
            if (free.Count < version.Entries.Count)
            {
                remover.TakeEntries(free);
                version.RemoveEntries(free);
            }
            else if (!remover.TryTake(version))
            {
                kept.AddRange(free);
            }
        }
        RemoveEarlierVersions(remover, index, chosen);
    }

    /// <summary>With an entry go the versions that it had before, unless another entry has them.</summary>
    private static void RemoveEarlierVersions(Remover remover, StoreIndex index, IEnumerable<IndexedEntry> chosen)
    {
        var others = index.Entries.Except(remover.Entries).SelectMany(entry => entry.Previous).ToHashSet();
        foreach (var digest in chosen.Intersect(remover.Entries).SelectMany(entry => entry.Previous).ToHashSet())
        {
            if (!others.Contains(digest) && index.Find(digest) is { Entries.Count: 0 } version)
                remover.TryTake(version);
        }
    }

    private void Evict(Remover remover, StoreIndex index, EvictionGoal goal, List<IndexedEntry> kept)
    {
        foreach (var version in Victims(index, goal, () => remover.Taken.HeldBytes))
        {
            if (!remover.TryTake(version))
                kept.AddRange(version.Entries);
        }
    }

    private IEnumerable<IndexedVersion> Victims(StoreIndex index, EvictionGoal goal, Func<long> freed)
    {
        var queue = new VictimQueue(index, _policy, new UsageBook(_layout).Read().Entries, _timeProvider.GetUtcNow());
        if (goal.UnusedSince is { } since)
        {
            foreach (var version in index.Versions.Where(version => LastUse(queue, version) < since).ToList())
            {
                queue.Forget(version);
                yield return version;
            }
        }
        while (freed() < goal.FreeBytes && queue.Next() is { } next)
        {
            yield return next;
            queue.Removed(next);
        }
    }

    // An earlier version, which no entry names, counts from when it came.
    private DateTimeOffset LastUse(VictimQueue queue, IndexedVersion version) =>
        version.Entries.Count > 0
            ? queue.LastUse(version)
            : new DateTimeOffset(File.GetLastWriteTimeUtc(_layout.Manifest(version.Manifest)));

    /// <summary>Deletes what a removal took; returns the bytes of blobs and copies that this gave back to the disk.</summary>
    private static long DeleteTaken(StagingArea staging)
    {
        // The snapshots first: then a blob's last link is its own, and its bytes are free when that goes.
        var freed = Directory.EnumerateDirectories(staging.Path).ToList().Sum(DeleteTree);
        return freed
            + Directory
                .EnumerateFiles(staging.Path)
                .ToList()
                .Sum(path => Delete(path) is var bytes && Path.HasExtension(path) ? 0 : bytes);
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
}
