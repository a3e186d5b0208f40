using Larder.Content;

namespace Larder.Graphs;

/// <content>One load for all who wait for it.</content>
public sealed partial class GraphCache
{
    /// <summary>Puts a slot for a new load into the table and at the end of the queue; under the lock.</summary>
    private Slot<T> Queue<T>(EntryKey key, Func<CancellationToken, Task<T>> load)
        where T : class
    {
        var slot = new Slot<T>(this, key);
        _table.Add(key, slot);
        _queue.AddLast(slot);
        MakeRoom();
        // On the pool: a load may block for seconds before it first awaits, and even the caller who brought it must be able
        // to leave meanwhile.
        _ = Task.Run(() => LoadAsync(slot, load));
        return slot;
    }

    private async Task LoadAsync<T>(Slot<T> slot, Func<CancellationToken, Task<T>> load)
        where T : class
    {
        if (!await slot.Room.ConfigureAwait(false))
            return;

        var started = _timeProvider.GetTimestamp();
        T? graph = null;
        Exception? failure = null;
        try
        {
            // Between the grant and here the last waiter may have left.
            slot.Cancellation.Token.ThrowIfCancellationRequested();
            if (load(slot.Cancellation.Token) is { } loading)
                graph = await loading.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        if (graph is not null)
            Land(slot, graph, _timeProvider.GetElapsedTime(started));
        else
            Fail(slot, failure ?? NullLoaded(slot));
    }

    private static InvalidOperationException NullLoaded(Slot slot) =>
        new($"The load of graph {slot.Key} returned null; a load returns a graph or throws.");

    private void Land<T>(Slot<T> slot, T graph, TimeSpan loadTime)
        where T : class
    {
        lock (_lock)
        {
            slot.Graph = graph;
            slot.LoadTime = loadTime;
            if (slot.State is SlotState.Abandoned)
            {
                Drain(slot);
            }
            else
            {
                slot.State = SlotState.Loaded;
                slot.Land();
            }
        }
        Log.Loaded(_logger, slot.Key, loadTime);
    }

    private void Fail(Slot slot, Exception failure)
    {
        lock (_lock)
        {
            if (slot.State is SlotState.Loading)
            {
                _failures++;
                _table.Remove(slot.Key);
                slot.Fail(failure);
            }
            Free(slot);
        }
        Log.LoadFailed(_logger, failure, slot.Key);
    }

    private async ValueTask<GraphLease<T>> WaitForGraphAsync<T>(Slot<T> slot, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            if (!slot.Room.IsCompleted)
                await WaitForRoomAsync(slot, cancellationToken).ConfigureAwait(false);
            await slot.Landing.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Leave(slot);
            throw;
        }
        lock (_lock)
            return slot.Lease(fromCache: false);
    }

    private async Task WaitForRoomAsync(Slot slot, CancellationToken cancellationToken)
    {
        var started = _timeProvider.GetTimestamp();
        try
        {
            await slot.Room.WaitAsync(_waitForRoom, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var waited = _timeProvider.GetElapsedTime(started);
            lock (_lock)
            {
                // Room may have come while the deadline was on its way here: then the load is running, and worth the wait.
                if (slot.State is not SlotState.Queued)
                    return;
                _failures++;
                var leased = _table.Values.Count(other => other is { State: SlotState.Loaded, Holders: > 0 });
                throw new GraphRoomException(slot.Key, _maxGraphs, leased, waited);
            }
        }
    }

    private void Leave(Slot slot)
    {
        var now = _timeProvider.GetUtcNow();
        lock (_lock)
            Release(slot, now);
    }

    /// <summary>Gives up a load that nobody waits for; under the lock.</summary>
    /// <remarks>Out of the table first: whoever asks from now on gets a load of his own, and not this one's cancellation.</remarks>
    private void Abandon(Slot slot)
    {
        _table.Remove(slot.Key);
        if (slot.State is SlotState.Queued)
        {
            _queue.Remove(slot);
            slot.State = SlotState.Gone;
            slot.RefuseRoom();
        }
        else
        {
            slot.State = SlotState.Abandoned;
            _ = CancelLoadAsync(slot);
        }
    }

    private async Task CancelLoadAsync(Slot slot)
    {
        try
        {
            // Runs what the load registered with its token on the pool, so not under the lock that the caller of this has.
            await slot.Cancellation.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException exception)
        {
            Log.CancellationFailed(_logger, exception, slot.Key);
        }
    }
}
