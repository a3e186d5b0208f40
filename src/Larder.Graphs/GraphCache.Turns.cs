namespace Larder.Graphs;

/// <content>Turns at loaded graphs that are in use.</content>
public sealed partial class GraphCache
{
    // All in the order in which they came.
    private readonly LinkedList<Rent> _turns = [];

    /// <summary>Leases all graphs of a call that has them loaded, or puts it into the queue for its turn.</summary>
    private void AskForTurn(Rent rent)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        rent.Stage = RentStage.InTurn;
        rent.Place = _turns.AddLast(rent);
        foreach (var slot in rent.Slots)
            slot.TurnWaiters++;
        ServeTurns();
        if (rent.Stage is RentStage.InTurn)
            _turnWaits++;
    }

    /// <summary>Leases to those whose turn it is: all their graphs are free, and nobody before them waits to use one otherwise.</summary>
    private void ServeTurns()
    {
        // What those before want to share, and to have alone.
        HashSet<Slot> shared = [];
        HashSet<Slot> taken = [];
        for (var node = _turns.First; node is not null; )
        {
            var (rent, next) = (node.Value, node.Next);
            var isFree = true;
            for (var i = 0; i < rent.Slots.Length && isFree; i++)
            {
                var (slot, use) = (rent.Slots[i], rent.Requests[i].Use);
                isFree =
                    slot.Allows(use) && !taken.Contains(slot) && (use is GraphUse.Shared || !shared.Contains(slot));
            }
            if (isFree)
            {
                LeaveTurns(rent);
                rent.Tickets = [.. rent.Slots.Select((slot, i) => slot.Lend(rent.Requests[i].Use))];
                rent.Serve();
            }
            else
            {
                for (var i = 0; i < rent.Slots.Length; i++)
                    (rent.Requests[i].Use is GraphUse.Shared ? shared : taken).Add(rent.Slots[i]);
            }
            node = next;
        }
    }

    private void LeaveTurns(Rent rent)
    {
        _turns.Remove(rent.Place!);
        foreach (var slot in rent.Slots)
            slot.TurnWaiters--;
    }

    private async Task WaitForTurnAsync(Rent rent, CancellationToken cancellationToken)
    {
        var limit = _settings.WaitForTurn;
        var started = _timeProvider.GetTimestamp();
        try
        {
            await rent.Turn.WaitAsync(limit, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            lock (_lock)
            {
                if (rent.Stage is not RentStage.InTurn)
                    return;
                _failures++;
                // Where all are free by themselves, somebody before waits for one of them.
                var busy = rent.Slots.FirstOrDefault(slot => slot.Users > 0) ?? rent.Slots[0];
                throw new GraphBusyException(busy.Key, busy.Users, _timeProvider.GetElapsedTime(started));
            }
        }
    }
}
