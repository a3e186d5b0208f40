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
        // A second try that is not kept out: locks lie here.
        _locksWork ??= !CanLockToo(path);
        return new SnapshotLease(held, _locksWork.Value ? null : _beats.Start(manifest));
    }

    /// <summary>Takes a lease; waits only while somebody is removing that very snapshot.</summary>
    public async Task<SnapshotLease> AcquireAsync(Digest manifest, CancellationToken cancellationToken)
    {
        for (var pause = TimeSpan.FromMilliseconds(5); ; pause = LockFile.Longer(pause))
        {
            if (TryAcquire(manifest) is { } lease)
                return lease;
            await Task.Delay(pause, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Keeps new leases away from a snapshot; null when somebody holds one.</summary>
    public LockFile? TryExclude(Digest manifest)
    {
        if (LockFile.TryAcquire(layout.SnapshotLease(manifest), exclusive: true) is not { } excluded)
            return null;
        if (!_beats.IsAlive(manifest) && !IsDirectoryLocked(layout.Snapshot(manifest)))
            return excluded;
        excluded.Dispose();
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
        if (!File.Exists(path))
            return false;
        if (LockFile.TryAcquire(path, exclusive: true) is not { } held)
            return true;
        held.DisposeAndRemove();
        return false;
    }

    /// <summary>Whether a holder shows signs of life although locks do nothing here.</summary>
    public bool IsAlive(Digest manifest) => _beats.IsAlive(manifest);

    public void Dispose() => _beats.Dispose();

    private static bool CanLockToo(string path)
    {
        using var second = LockFile.TryAcquire(path, exclusive: true);
        return second is not null;
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
