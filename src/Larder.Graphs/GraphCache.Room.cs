namespace Larder.Graphs;

/// <content>Room for loads, and the end of graphs. Everything private here but the disposal itself is under the lock.</content>
public sealed partial class GraphCache
{
    // Who waits for room, first come first.
    private readonly LinkedList<Slot> _queue = [];

    // Slots that count against the limit: loading, loaded, abandoned, draining.
    private int _occupied;
    private int _draining;
    private long _idleOrder;

    /// <summary>Gives free room to those who wait, and evicts for the rest as many as are idle.</summary>
    private void MakeRoom()
    {
        while (_queue.First is { Value: var next })
        {
            if (_occupied < _maxGraphs)
            {
                _queue.RemoveFirst();
                _occupied++;
                next.State = SlotState.Loading;
                next.GrantRoom();
            }
            else if (_draining < _queue.Count && FindVictim() is { } victim)
            {
                _evictions++;
                Unload(victim);
            }
            else
            {
                return;
            }
        }
    }

    private Slot? FindVictim()
    {
        Slot? victim = null;
        var least = double.PositiveInfinity;
        foreach (var slot in _table.Values)
        {
            if (!slot.IsIdle)
                continue;
            var worth = _policy.Worth(slot);
            if (victim is null || worth < least)
                (victim, least) = (slot, worth);
        }
        return victim;
    }

    /// <summary>Takes one holder off a slot, and does what follows when it was the last.</summary>
    private void Release(Slot slot, DateTimeOffset now)
    {
        if (--slot.Holders > 0)
            return;

        switch (slot.State)
        {
            case SlotState.Queued or SlotState.Loading:
                Abandon(slot);
                break;
            case SlotState.Loaded:
                slot.IdleSince = now;
                slot.IdleOrder = ++_idleOrder;
                if (_isDisposed)
                    Unload(slot);
                MakeRoom();
                break;
        }
    }

    /// <summary>Takes an idle graph out of the table and begins its disposal.</summary>
    private void Unload(Slot slot)
    {
        _table.Remove(slot.Key);
        Drain(slot);
    }

    private void Drain(Slot slot)
    {
        slot.State = SlotState.Draining;
        _draining++;
        slot.Disposal = Task.Run(() => DisposeGraphAsync(slot));
    }

    private async Task DisposeGraphAsync(Slot slot)
    {
        Exception? failure = null;
        try
        {
            await slot.DisposeGraphAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        lock (_lock)
        {
            _draining--;
            if (failure is not null)
                _failures++;
            Free(slot);
        }

        if (failure is null)
            Log.Disposed(_logger, slot.Key);
        else
            Log.DisposalFailed(_logger, failure, slot.Key);
    }

    /// <summary>Ends a slot that counted against the limit.</summary>
    private void Free(Slot slot)
    {
        slot.State = SlotState.Gone;
        _occupied--;
        MakeRoom();
        if (_isDisposed && _occupied is 0)
            _emptied.SetResult();
    }

    private void Close()
    {
        _isDisposed = true;
        foreach (var slot in _table.Values.ToArray())
        {
            if (slot.IsIdle)
            {
                Unload(slot);
            }
            else if (slot.State is SlotState.Queued or SlotState.Loading)
            {
                Abandon(slot);
                slot.Fail(new ObjectDisposedException(nameof(GraphCache)));
            }
        }
        if (_occupied is 0)
            _emptied.SetResult();
    }
}
