using Larder.Store.Eviction;
using Larder.Store.Partial;
using Larder.Store.Room;
using Larder.Telemetry;

namespace Larder.Store;

internal sealed partial class LocalStore
{
    // Between the look and the reservation others may take what was freed; after so many times they are simply more.
    private const int MaxTurns = 5;

    /// <summary>Whether every snapshot takes as much room as its blobs once more.</summary>
    public bool SnapshotsAreCopies => _materializer.AlwaysCopies;

    /// <summary>What all processes noted of the use of this store.</summary>
    public Usage.UsageTotals SumUsage() => new Usage.UsageBook(_layout).Sum();

    /// <summary>Reserves room before the first byte is written, removing what is worth least where that is needed.</summary>
    /// <param name="staging">The writer; it gives back what it has reserved when it is disposed or commits.</param>
    /// <param name="bytes">How many bytes more it will write.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    /// <exception cref="NoRoomException">They cannot fit: never, or not as long as others hold what they hold.</exception>
    public async Task ReserveAsync(StagingArea staging, long bytes, CancellationToken cancellationToken)
    {
        for (var turn = 1; ; turn++)
        {
            var isLastTry = turn > 1;
            var (state, isReserved) = await Room.TryReserveAsync(staging, bytes, isLastTry, cancellationToken)
                .ConfigureAwait(false);
            if (isReserved)
                return;
            if (!LocksWork && turn == 1)
            {
                // Two may have changed the counts at once: before anybody is refused by them they are made anew.
                await Room.RecountAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }
            if (!state.CanEverFit(bytes))
            {
                StoreMeter.NoRoom(canFitLater: false);
                throw NoRoomException.Never(Root, bytes, state, _limits);
            }
            // First what nobody has the use of yet.
            var excess = state.Excess(bytes);
            var dropped = await DropPartialsAsync(Partials.Choose(excess), cancellationToken).ConfigureAwait(false);
            if (dropped >= excess)
                continue;
            var removed = await EvictAsync(new EvictionGoal { FreeBytes = excess - dropped }, cancellationToken)
                .ConfigureAwait(false);
            NoteEvictions(removed);
            if (turn > 1 && (removed.FreedBytes + dropped == 0 || turn == MaxTurns))
            {
                StoreMeter.NoRoom(canFitLater: true);
                throw NoRoomException.NotNow(Root, bytes, state, _limits, removed.Kept.Count);
            }
        }
    }

    /// <summary>Reserves room that is free, and removes nothing for it; false when there is none.</summary>
    public async Task<bool> TryReserveFreeAsync(StagingArea staging, long bytes, CancellationToken cancellationToken)
    {
        var (_, isReserved) = await Room.TryReserveAsync(staging, bytes, isLastTry: false, cancellationToken)
            .ConfigureAwait(false);
        return isReserved;
    }

    /// <summary>Removes what transfers that broke off have left; returns the bytes that this gave back to the disk.</summary>
    public async Task<long> DropPartialsAsync(IEnumerable<LeftTransfer> chosen, CancellationToken cancellationToken)
    {
        var left = chosen.ToList();
        if (left.Count == 0)
            return 0;
        using var staging = await NewStagingAreaAsync(cancellationToken).ConfigureAwait(false);
        return PartialStore.Remove(staging, left);
    }

    /// <summary>What transfers that broke off have left.</summary>
    public IReadOnlyList<LeftTransfer> ListPartials() => Partials.List();

    /// <summary>Which of them an eviction removes, before it removes anything else.</summary>
    public IReadOnlyList<LeftTransfer> ChoosePartials(long freeBytes, TimeSpan? olderThan) =>
        [.. Partials.Choose(freeBytes, olderThan)];

    /// <summary>How full the store is.</summary>
    public Task<RoomState> LookAtRoomAsync(CancellationToken cancellationToken) => Room.LookAsync(cancellationToken);

    /// <summary>What the store holds, as far as it was counted; null when nobody has counted yet.</summary>
    public StoreCounts? TryReadCounts() => Room.TryReadCounts();

    private void NoteEvictions(RemovalResult removed)
    {
        if (removed.Removed.Count == 0)
            return;
        StoreMeter.EvictedForRoom(removed.Removed.Count);
        Usage.Append(new Usage.UsageRecord { Time = _timeProvider.GetUtcNow(), Evictions = removed.Removed.Count });
        _logger.Evicted(removed.Removed.Count, removed.FreedBytes, Root);
    }
}
