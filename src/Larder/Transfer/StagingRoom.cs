using Larder.Content;
using Larder.Store;

namespace Larder.Transfer;

/// <summary>The room that a transfer has reserved, and takes more of when it turns out to need it.</summary>
/// <remarks>
/// Reserved at once is what the plan knows. More is needed for a file of which the origin tells no length, and for one that
/// was there when the plan was made and has been removed since.
/// </remarks>
internal sealed class StagingRoom : IDisposable
{
    private static readonly Dictionary<Digest, string> NothingStaged = [];

    private readonly LocalStore _store;
    private readonly StagingArea _staging;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _leftBytes;

    private StagingRoom(LocalStore store, StagingArea staging, long reservedBytes)
    {
        _store = store;
        _staging = staging;
        _leftBytes = reservedBytes;
    }

    /// <summary>Reserves what a plan needs; the staging area holds it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="staging">Who writes.</param>
    /// <param name="plan">What is written.</param>
    /// <param name="staged">Files that are written already, by their digests.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    /// <exception cref="NoRoomException">It does not fit.</exception>
    public static async Task<StagingRoom> ReserveAsync(
        LocalStore store,
        StagingArea staging,
        TransferPlan plan,
        IReadOnlyDictionary<Digest, string> staged,
        CancellationToken cancellationToken
    )
    {
        var fetched = FetchedBytes(store, plan, staged);
        var copied = store.SnapshotsAreCopies ? plan.SizeBytes : 0;
        await store.ReserveAsync(staging, fetched + copied, cancellationToken).ConfigureAwait(false);
        return new StagingRoom(store, staging, fetched);
    }

    /// <summary>Reserves what the transfer alone of a part of a model needs; its snapshot is another's to reserve for.</summary>
    /// <exception cref="NoRoomException">It does not fit.</exception>
    public static async Task<StagingRoom> ReserveFetchedAsync(
        LocalStore store,
        StagingArea staging,
        TransferPlan plan,
        CancellationToken cancellationToken
    )
    {
        var fetched = FetchedBytes(store, plan, NothingStaged);
        await store.ReserveAsync(staging, fetched, cancellationToken).ConfigureAwait(false);
        return new StagingRoom(store, staging, fetched);
    }

    /// <summary>Takes bytes of the reservation for a file that is about to be written, and reserves more if need be.</summary>
    /// <exception cref="NoRoomException">More do not fit.</exception>
    public async ValueTask ClaimAsync(long bytes, CancellationToken cancellationToken)
    {
        if (Interlocked.Add(ref _leftBytes, -bytes) >= 0)
            return;
        // One after another: the reservation stands in one file.
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var missing = -Interlocked.Read(ref _leftBytes);
            if (missing <= 0)
                return;
            await _store.ReserveAsync(_staging, missing, cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _leftBytes, missing);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Gives back what was claimed and not written.</summary>
    public void GiveBack(long bytes) => Interlocked.Add(ref _leftBytes, bytes);

    public void Dispose() => _gate.Dispose();

    // Files of which the store has the bytes, or that are staged already, take none, and of two that are the same one is kept.
    private static long FetchedBytes(
        LocalStore store,
        TransferPlan plan,
        IReadOnlyDictionary<Digest, string> staged
    )
    {
        var seen = new HashSet<Digest>(staged.Keys);
        long bytes = 0;
        foreach (var file in plan.Files)
        {
            if (file.Known is { } known && (!seen.Add(known.Digest) || store.HasBlob(known.Digest, known.SizeBytes)))
                continue;
            bytes += file.File.SizeBytes ?? 0;
        }
        return bytes;
    }
}
