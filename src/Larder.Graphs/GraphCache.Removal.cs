using Larder.Content;
using Larder.Graphs.Budgets;

namespace Larder.Graphs;

/// <content>The end of graphs.</content>
public sealed partial class GraphCache
{
    // The disposal at the end of each device's queue: a slow one on one device does not hold up another's.
    private readonly Dictionary<string, Task> _disposalQueues = new(StringComparer.Ordinal);

    /// <summary>Removes a graph that nobody uses, and completes when its disposal has ended, or is late.</summary>
    /// <remarks>A failure of its load that is remembered is forgotten.</remarks>
    /// <param name="key">The key of the graph.</param>
    /// <param name="cancellationToken">Ends the wait for the disposal; the graph is removed all the same.</param>
    /// <exception cref="ObjectDisposedException">The cache has been disposed.</exception>
    public Task<EvictOutcome> RemoveAsync(EntryKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return RemoveAsync(key, only: null, cancellationToken);
    }

    /// <summary>Removes a graph that nobody uses, unless its key has come to be another's than the one that is meant.</summary>
    internal async Task<EvictOutcome> RemoveAsync(EntryKey key, object? only, CancellationToken cancellationToken)
    {
        Slot? slot;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            slot = _table.GetValueOrDefault(key);
            if (only is not null && slot?.Holds(only) is not true)
                return EvictOutcome.NotFound;
            _history.Forget(key);
            if (slot is null)
                return EvictOutcome.NotFound;
            if (!slot.IsIdle)
                return EvictOutcome.InUse;
            Unload(slot, EvictionReason.Removed);
        }
        await slot.Disposal.WaitAsync(cancellationToken).ConfigureAwait(false);
        return EvictOutcome.Removed;
    }

    /// <summary>Removes a graph as soon as nobody uses it, and completes when its disposal has ended, or is late.</summary>
    /// <remarks>Leases of it end in their own time; who rents it meanwhile gets it still, and who rents it afterwards loads it anew. Who warms it meanwhile ends the retirement.</remarks>
    /// <param name="key">The key of the graph.</param>
    /// <param name="cancellationToken">Ends the wait; the graph is removed all the same.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ObjectDisposedException">The cache has been disposed.</exception>
    public async Task<bool> RetireAsync(EntryKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        Task gone;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_table.TryGetValue(key, out var slot))
                return false;
            slot.Retirement ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            gone = slot.Retirement.Task;
            if (slot.IsIdle)
                Unload(slot, EvictionReason.Removed);
        }
        await gone.WaitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Removes all graphs that nobody uses, and completes when their disposals have ended, or are late.</summary>
    /// <remarks>Graphs that only removed graphs were made of go as well. Failures that are remembered are forgotten.</remarks>
    /// <param name="cancellationToken">Ends the wait for the disposals; the graphs are removed all the same.</param>
    /// <exception cref="ObjectDisposedException">The cache has been disposed.</exception>
    public async Task<GraphClearResult> ClearAsync(CancellationToken cancellationToken = default)
    {
        var removed = 0;
        while (true)
        {
            Slot[] idle;
            EntryKey[] kept;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                _history.ForgetFailures();
                idle = [.. _table.Values.Where(slot => slot.IsIdle)];
                foreach (var slot in idle)
                    Unload(slot, EvictionReason.Removed);
                kept = [.. _table.Keys];
            }
            if (idle.Length is 0)
                return new GraphClearResult(removed, kept);
            removed += idle.Length;
            await Task.WhenAll(idle.Select(slot => slot.Disposal)).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!Array.Exists(idle, slot => slot.Parents.Length > 0))
                return new GraphClearResult(removed, kept);
        }
    }

    /// <summary>Takes an idle graph out of the table and begins its disposal; under the lock.</summary>
    private void Unload(Slot slot, EvictionReason reason)
    {
        _table.Remove(slot.Key);
        Keep(slot);
        _ledger.Move(slot.Size, Phase.Used, Phase.Draining);
        if (
            reason
            is EvictionReason.Room
                or EvictionReason.Limit
                or EvictionReason.Idle
                or EvictionReason.MemoryPressure
        )
        {
            _evictions++;
            _ageAtEviction += _clock.Now - slot.LoadedAt;
        }
        Drain(slot, reason);
    }

    /// <summary>Puts a graph that counts as draining into its device's queue for disposal; under the lock.</summary>
    private void Drain(Slot slot, EvictionReason reason)
    {
        slot.State = SlotState.Draining;
        foreach (var parent in slot.Parents)
            parent.DrainingHolders++;
        var device = slot.Size.Devices[0].Device;
        var before = _disposalQueues.GetValueOrDefault(device, Task.CompletedTask);
        slot.Disposal = _disposalQueues[device] = Detached.Do(() =>
            Task.Run(() => DisposeAfterAsync(before, slot, reason))
        );
    }

    private async Task DisposeAfterAsync(Task before, Slot slot, EvictionReason reason)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var age = _clock.Now - slot.LoadedAt;
        if (reason is EvictionReason.Unwanted)
            Raise(GraphEventKind.Loaded, slot, slot.LoadTime);
        Tell(slot, reason, age);
        _meter.Evicted(reason, age);
        Raise(GraphEventKind.Evicted, slot, age, reason: reason);

        var limit = _settings.DisposalDeadline;
        var started = _timeProvider.GetTimestamp();
        // On a thread of its own, so that the deadline comes also where the disposal blocks.
        var disposal = Task.Run(() => slot.DisposeGraphAsync().AsTask());
        await disposal.WaitAsync(limit, _timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!disposal.IsCompleted)
        {
            Lose(slot, limit);
            _ = EndAsync(slot, disposal, started, Phase.Lost);
            return;
        }
        await EndAsync(slot, disposal, started, Phase.Draining).ConfigureAwait(false);
    }

    private void Lose(Slot slot, TimeSpan limit)
    {
        lock (_lock)
        {
            _failures++;
            slot.State = SlotState.Lost;
            slot.Retirement?.TrySetResult();
            _ledger.Move(slot.Size, Phase.Draining, Phase.Lost);
            // Its parts cannot be counted on either.
            foreach (var parent in slot.Parents)
                parent.DrainingHolders--;
            // Room that was counted on does not come.
            MakeRoom();
            SayWhenEmpty();
        }
        Log.DisposalLate(_logger, slot.Key, limit, slot.Size);
        Raise(GraphEventKind.DisposalLate, slot, limit);
    }

    // What nobody asked for is worth a line: who waits for a load wants to know what pushed his model out.
    private void Tell(Slot slot, EvictionReason reason, TimeSpan age)
    {
        var (name, uses, why) = (slot.Name ?? KeyText.Of(slot.Key), slot.Uses.Total, Why(slot, reason));
        if (reason is EvictionReason.Removed or EvictionReason.Closed or EvictionReason.Unwanted)
            Log.Unloaded(_logger, name, reason);
        else if (reason is EvictionReason.Room)
            Log.EvictedForRoom(_logger, name, slot.Size, age, uses, why);
        else
            Log.Evicted(_logger, name, slot.Size, age, uses, why);
    }

    private static string Why(Slot slot, EvictionReason reason) =>
        reason switch
        {
            EvictionReason.Room when slot.MadeRoomFor is { } other => other.Name ?? KeyText.Of(other.Key),
            EvictionReason.Limit =>
                "the limits of the cache were exceeded: one was lowered, or a graph proved larger than estimated",
            EvictionReason.Idle => "nobody had used it for as long as the idle timeout",
            _ => "the memory of the machine was short",
        };

    /// <summary>Frees the room of a graph when its disposal has ended, well or not.</summary>
    private async Task EndAsync(Slot slot, Task disposal, long started, Phase phase)
    {
        Exception? failure = null;
        try
        {
            await disposal.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        lock (_lock)
        {
            if (failure is not null)
                _failures++;
            _disposals++;
            Free(slot, phase);
        }

        var duration = _timeProvider.GetElapsedTime(started);
        if (failure is null)
            Log.Disposed(_logger, slot.Key);
        else
            Log.DisposalFailed(_logger, failure, slot.Key);
        Raise(failure is null ? GraphEventKind.Disposed : GraphEventKind.DisposalFailed, slot, duration, failure);
    }

    /// <summary>Ends a slot that counted, and lets go of its parts; under the lock.</summary>
    private void Free(Slot slot, Phase phase)
    {
        slot.Retirement?.TrySetResult();
        _ledger.Leave(slot.Size, phase);
        var wasDraining = slot.State is SlotState.Draining;
        slot.State = SlotState.Gone;
        var now = _clock.Now;
        foreach (var parent in slot.Parents)
        {
            if (wasDraining)
                parent.DrainingHolders--;
            parent.Children--;
            LetGo(parent, now);
        }
        MakeRoom();
        SayWhenEmpty();
    }

    /// <summary>Ends the cache when nothing is left but what is late, and what that is made of.</summary>
    private void SayWhenEmpty()
    {
        if (
            _isDisposed
            && _ledger.Draining is 0
            && _abandoned == _lateLoads
            && _table.Values.All(slot => slot.Holders == slot.Children)
        )
            _emptied.TrySetResult();
    }

    /// <summary>Keeps what is known of a graph beyond its stay in memory.</summary>
    private void Keep(Slot slot)
    {
        var known = _history.Of(slot.Key.Digest);
        (known.Uses, known.Size, known.LoadTime) = (slot.Uses, slot.Size, slot.LoadTime);
    }

    private void Close()
    {
        _isDisposed = true;
        var closed = new ObjectDisposedException(nameof(GraphCache));
        foreach (var rent in _queue)
        {
            rent.Stage = RentStage.Ended;
            rent.Fail(closed);
        }
        _queue.Clear();
        foreach (var rent in _turns.ToArray())
        {
            // Out of the queue, else a lease that is returned now would serve it; what it holds it lets go of itself.
            LeaveTurns(rent);
            rent.Stage = RentStage.Boarded;
            rent.Fail(closed);
        }
        foreach (var slot in _table.Values.ToArray())
        {
            if (slot.IsIdle)
            {
                Unload(slot, EvictionReason.Closed);
            }
            else if (slot.State is SlotState.Loading)
            {
                slot.Fail(closed);
                Abandon(slot);
            }
        }
        SayWhenEmpty();
    }
}
