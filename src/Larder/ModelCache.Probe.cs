using Larder.Store.Room;

namespace Larder;

public sealed partial class ModelCache
{
    /// <summary>Writes something to the store and takes it away again, and looks how full it is; for who asks after its health.</summary>
    /// <exception cref="Store.StoreException">The store cannot be written to.</exception>
    internal Task<RoomState> ProbeAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return UseAsync(async () =>
        {
            using var staging = _store.CreateStagingArea();
            await File.WriteAllBytesAsync(staging.NewPath(), [1], cancellationToken).ConfigureAwait(false);
            return await _store.LookAtRoomAsync(cancellationToken).ConfigureAwait(false);
        });
    }
}
