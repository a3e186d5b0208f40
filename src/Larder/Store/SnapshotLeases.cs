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

    /// <summary>Takes a lease at once; null while somebody is removing that very snapshot.</summary>
    public SnapshotLease? TryAcquire(Digest manifest)
    {
        if (isReadOnly)
            return TryLockSnapshot(manifest);
        var path = layout.SnapshotLease(manifest);
        LockFile? held;
        try
        {
            held = LockFile.TryAcquire(path, exclusive: false);
        }
        catch (IOException refused) when (refused.HResult is Posix.EROFS or Posix.EACCES)
        {
            return TryLockSnapshot(manifest);
        }
        if (held is null)
            return null;
        if (DoLocksWork(path))
            return new SnapshotLease(held);
        var lease = new SnapshotLease(held, _beats.Start(manifest));
        if (!_beats.IsMarked(manifest))
            return lease;
        lease.Dispose();
        return null;
    }

    /// <summary>Takes a lease; waits only while somebody is removing that very snapshot.</summary>
    public Task<SnapshotLease> AcquireAsync(Digest manifest, CancellationToken cancellationToken) =>
        LockFile.WaitAsync(() => TryAcquire(manifest), cancellationToken);

    /// <summary>Keeps new leases away from a snapshot; null when somebody holds one.</summary>
    public SnapshotExclusion? TryExclude(Digest manifest)
    {
        var path = layout.SnapshotLease(manifest);
        if (LockFile.TryAcquire(path, exclusive: true) is not { } held)
            return null;
        var exclusion = new SnapshotExclusion(held, DoLocksWork(path) ? null : _beats.Mark(manifest));
        if (!_beats.IsAlive(manifest) && !IsDirectoryLocked(layout.Snapshot(manifest)))
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
        if (LockFile.TryAcquire(path, exclusive: true) is not { } held)
            return true;
        held.DisposeAndRemove();
        return false;
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

    private SnapshotLease? TryLockSnapshot(Digest manifest) =>
        TryLockDirectory(layout.Snapshot(manifest)) is { } directory ? new SnapshotLease(directory) : null;

    private static SafeFileHandle? TryLockDirectory(string path)
    {
        if (Posix.TryOpenDirectory(path) is not { } directory)
            return null;
        if (Posix.TryLock(directory, exclusive: false, path) && LockFile.IsStillNamed(directory, path))
            return directory;
        directory.Dispose();
        return null;
    }

    private static bool IsDirectoryLocked(string path)
    {
        if (Posix.TryOpenDirectory(path) is not { } directory)
            return false;
        var isFree = Posix.TryLock(directory, exclusive: true, path);
        if (isFree)
            Posix.Unlock(directory);
        else
            directory.Dispose();
        return !isFree;
    }
}
