using Larder.Store;
using Larder.Transfer;

namespace Larder.Pull.Archives;

/// <summary>Reserves room for what is unpacked as it comes: what an archive announces is not to be believed.</summary>
/// <param name="room">What the transfer has reserved.</param>
/// <param name="copies">How often each byte is written: twice where snapshots are copies.</param>
internal sealed class UnpackRoom(StagingRoom room, int copies)
{
    // A reservation takes a lock that all processes share: one for each of many small files would be most of the work.
    private const long StepBytes = 1 << 20;

    private long _left;

    /// <summary>Takes room for bytes that are about to be written.</summary>
    /// <exception cref="NoRoomException">They do not fit.</exception>
    public async ValueTask TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        bytes *= copies;
        var missing = bytes - _left;
        if (missing > 0)
            _left += await ClaimAsync(missing, cancellationToken).ConfigureAwait(false);
        _left -= bytes;
    }

    private async Task<long> ClaimAsync(long missing, CancellationToken cancellationToken)
    {
        if (missing < StepBytes)
        {
            try
            {
                await room.ClaimAsync(StepBytes, cancellationToken).ConfigureAwait(false);
                return StepBytes;
            }
            catch (NoRoomException)
            {
                // The last bytes before the store is full: what is needed may still fit.
                room.GiveBack(StepBytes);
            }
        }
        await room.ClaimAsync(missing, cancellationToken).ConfigureAwait(false);
        return missing;
    }
}
