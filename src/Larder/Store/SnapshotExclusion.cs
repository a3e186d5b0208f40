namespace Larder.Store;

/// <summary>Keeps new leases away from a snapshot; see <see cref="SnapshotLeases"/>.</summary>
internal sealed class SnapshotExclusion(LockFile held, IDisposable? mark) : IDisposable
{
    public void Dispose()
    {
        mark?.Dispose();
        held.DisposeAndRemove();
    }
}
