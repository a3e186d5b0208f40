using Larder.Content;
using Microsoft.Win32.SafeHandles;

namespace Larder.Store;

/// <summary>Gives leases on the snapshots of a store, and tells who removes snapshots whether one is held.</summary>
/// <remarks>
/// A lease is a shared lock on the snapshot's lease file, together with all its other users. Where locks do nothing a holder
/// besides shows signs of life in a file of its own (<see cref="LeaseBeats"/>). Where nothing can be written the lock is on the
/// snapshot's directory itself, which the kernel allows on a read-only mount, and sees from all mounts of one file system; so it
/// is in a store of which this process writes nothing.
/// </remarks>
internal sealed class SnapshotLeases(StoreLayout layout, bool isReadOnly, TimeProvider timeProvider) : IDisposable
{
    private readonly LeaseBeats _beats = new(layout, timeProvider);
    private bool? _locksWork;

    /// <summary>Takes a lease at once; null while somebody is removing that very snapshot, or where it is gone and nothing can be written.</summary>
    public SnapshotLease? TryAcquire(Digest manifest) => Try(manifest)?.Lease;

    /// <summary>Takes a lease; waits only while somebody is removing that very snapshot. Null where it is gone and nothing can be written.</summary>
    public async Task<SnapshotLease?> AcquireAsync(Digest manifest, CancellationToken cancellationToken)
    {
        var attempt = await LockFile.WaitAsync(() => Try(manifest), cancellationToken).ConfigureAwait(false);
        return attempt.Lease;
    }

    // Null while somebody keeps it away.
    private Attempt? Try(Digest manifest)
    {
        if (isReadOnly)
            return TryLockSnapshot(manifest);
        var path = layout.SnapshotLease(manifest);
        LockFile? held;
        try
        {
            held = LockFile.TryAcquire(path, exclusive: false);
        }
        catch (IOException refused) when (IsNotOurs(refused))
        {
            return TryLockSnapshot(manifest);
        }
        if (held is null)
            return null;
        if (DoLocksWork(path))
            return new Attempt(new SnapshotLease(held));
        var lease = new SnapshotLease(held, _beats.Start(manifest));
        if (!_beats.IsMarked(manifest))
            return new Attempt(lease);
        lease.Dispose();
        return null;
    }

    /// <summary>Keeps new leases away from a snapshot; null when somebody holds one.</summary>
    public SnapshotExclusion? TryExclude(Digest manifest)
    {
        var path = layout.SnapshotLease(manifest);
        if (LockFile.TryAcquire(path, exclusive: true) is not { } held)
            return null;
        // Kept as long as the rest: who can only lock the directory sees nothing else.
        var isFree = TryLockDirectory(layout.Snapshot(manifest), out var directory);
        var exclusion = new SnapshotExclusion(held, DoLocksWork(path) ? null : _beats.Mark(manifest), directory);
        if (isFree && !_beats.IsAlive(manifest))
            return exclusion;
        exclusion.Dispose();
        return null;
    }

    /// <summary>Whether somebody holds a lease on a snapshot at this moment.</summary>
    public bool IsHeld(Digest manifest)
    {
        var path = layout.SnapshotLease(manifest);
        if (IsDirectoryLocked(layout.Snapshot(manifest)))
            return true;
        if (isReadOnly)
            return false;
        if (_beats.IsAlive(manifest))
            return true;
        if (!Posix.Exists(path))
            return false;
        try
        {
            if (LockFile.TryAcquire(path, exclusive: true) is not { } held)
                return true;
            held.DisposeAndRemove();
            return false;
        }
        catch (IOException refused) when (IsNotOurs(refused))
        {
            // It is there only while somebody has it, or after he died with it: to find out which is for those who may write.
            return true;
        }
    }

    public void Dispose() => _beats.Dispose();

    // A second try that is not kept out: locks lie here. The caller has the lock.
    private bool DoLocksWork(string path)
    {
        if (_locksWork is { } known)
            return known;
        using var second = LockFile.TryAcquire(path, exclusive: true);
        return (_locksWork = second is null).Value;
    }

    private Attempt? TryLockSnapshot(Digest manifest)
    {
        var path = layout.Snapshot(manifest);
        if (Posix.TryOpenDirectory(path) is not { } directory)
            return new Attempt(null);
        if (Posix.TryLock(directory, exclusive: false, path) && LockFile.IsStillNamed(directory, path))
            return new Attempt(new SnapshotLease(directory));
        directory.Dispose();
        return null;
    }

    private static bool IsDirectoryLocked(string path)
    {
        var isFree = TryLockDirectory(path, out var directory);
        if (directory is not null)
            Posix.Unlock(directory);
        return !isFree;
    }

    /// <summary>Keeps others from locking a directory; false where one has. None is there: there is nothing to lock.</summary>
    private static bool TryLockDirectory(string path, out SafeFileHandle? directory)
    {
        directory = Posix.TryOpenDirectory(path);
        if (directory is null || Posix.TryLock(directory, exclusive: true, path))
            return true;
        directory.Dispose();
        directory = null;
        return false;
    }

    private static bool IsNotOurs(IOException refused) => refused.HResult is Posix.EROFS or Posix.EACCES;

    /// <summary>What came of the wish for a lease: none where there is nothing that could be leased.</summary>
    private sealed record Attempt(SnapshotLease? Lease);
}
