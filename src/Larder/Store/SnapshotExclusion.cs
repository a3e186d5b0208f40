using Microsoft.Win32.SafeHandles;

namespace Larder.Store;

/// <summary>Keeps new leases away from a snapshot; see <see cref="SnapshotLeases"/>.</summary>
internal sealed class SnapshotExclusion(LockFile held, IDisposable? mark, SafeFileHandle? directory) : IDisposable
{
    public void Dispose()
    {
        if (directory is not null)
            Posix.Unlock(directory);
        mark?.Dispose();
        held.DisposeAndRemove();
    }
}
