using Microsoft.Win32.SafeHandles;

namespace Larder.Store;

/// <summary>A hold on a snapshot; see <see cref="SnapshotLeases"/>.</summary>
internal sealed class SnapshotLease : IDisposable
{
    private readonly SafeFileHandle? _directory;
    private readonly IDisposable? _beat;
    private LockFile? _lock;

    public SnapshotLease(LockFile lockFile, IDisposable? beat = null) => (_lock, _beat) = (lockFile, beat);

    public SnapshotLease(SafeFileHandle directory) => _directory = directory;

    public void Dispose()
    {
        _beat?.Dispose();
        if (_directory is not null)
            Posix.Unlock(_directory);
        Interlocked.Exchange(ref _lock, null)?.DisposeAndRemoveIfLast();
    }
}
