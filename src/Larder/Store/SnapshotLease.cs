using Larder.Content;

namespace Larder.Store;

/// <summary>A hold on a snapshot: a shared lock on the snapshot's lease file, together with all its other users.</summary>
internal sealed class SnapshotLease : IDisposable
{
    private LockFile? _lock;

    private SnapshotLease(LockFile lockFile) => _lock = lockFile;

    /// <summary>Takes a lease at once; null while somebody is removing that very snapshot.</summary>
    public static SnapshotLease? TryAcquire(StoreLayout layout, Digest manifest) =>
        LockFile.TryAcquire(layout.SnapshotLease(manifest), exclusive: false) is { } held ? new(held) : null;

    /// <summary>Takes a lease; waits only while somebody is removing that very snapshot.</summary>
    public static async Task<SnapshotLease> AcquireAsync(
        StoreLayout layout,
        Digest manifest,
        TimeProvider timeProvider,
        CancellationToken cancellationToken
    ) =>
        new(
            await LockFile
                .AcquireAsync(layout.SnapshotLease(manifest), exclusive: false, timeProvider, cancellationToken)
                .ConfigureAwait(false)
        );

    public void Dispose() => Interlocked.Exchange(ref _lock, null)?.DisposeAndRemoveIfLast();
}
