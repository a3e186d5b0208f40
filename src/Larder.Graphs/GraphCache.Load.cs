using Larder.Graphs.Budgets;
using Larder.Graphs.Failures;

namespace Larder.Graphs;

/// <content>One load for all who wait for it.</content>
public sealed partial class GraphCache
{
    /// <summary>Reserves the room of a graph, holds its parts, and begins its load; under the lock, with room and all parts there.</summary>
    private void Begin(GraphRequest request)
    {
        var slot = request.CreateSlot(this, SizeOf(request));
        if (_history.Find(request.Key) is { } known)
            slot.Uses = known.Uses;
        _ledger.Enter(slot.Size, Phase.Reserved);
        _table.Add(slot.Key, slot);
        slot.Parents = [.. request.Parents.Select(parent => _table[parent.Key])];
        foreach (var parent in slot.Parents)
            parent.Holders++;
        // On the pool: a load may block for seconds before it first awaits, and even the caller who brought it must be able
        // to leave meanwhile.
        _ = Task.Run(() => LoadAsync(slot));
    }

    private async Task LoadAsync(Slot slot)
    {
        var load = new GraphLoad(slot);
        var cancellationToken = slot.Cancellation.Token;
        var loading = Task.CompletedTask;
        Exception? failure = null;
        var started = _timeProvider.GetTimestamp();
        try
        {
            foreach (var parent in slot.Parents)
                await parent.Landing.WaitAsync(cancellationToken).ConfigureAwait(false);
            // Between the beginning and here the last waiter may have left.
            cancellationToken.ThrowIfCancellationRequested();
            started = _timeProvider.GetTimestamp();
            // On a thread of its own, so that the deadline comes also where the load blocks.
            loading = Task.Run(() => slot.LoadAsync(load, cancellationToken), CancellationToken.None);
            await WaitForLoadAsync(slot, loading).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        var loadTime = _timeProvider.GetElapsedTime(started);
        if (failure is null)
            Land(slot, load.Size, loadTime);
        else
            Fail(slot, failure, loadTime);
    }

    /// <summary>Waits for a load to its very end; at its deadline it is cancelled and out of the table, and still counts.</summary>
    private async Task WaitForLoadAsync(Slot slot, Task loading)
    {
        var limit = _settings.LoadDeadline;
        try
        {
            await loading.WaitAsync(limit, _timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!loading.IsCompleted)
        {
            var late = GraphLoadException.TooSlow(slot.Key, limit);
            lock (_lock)
            {
                if (slot.State is SlotState.Loading)
                {
                    Remember(slot, late, late.Kind);
                    FailWaiters(slot, late);
                    Abandon(slot);
                }
            }
            Log.LoadTooSlow(_logger, slot.Key, limit);
            await loading.ConfigureAwait(false);
        }
    }

    private void Land(Slot slot, GraphSize size, TimeSpan loadTime)
    {
        bool isWanted;
        lock (_lock)
        {
            var known = _history.Of(slot.Key.Digest);
            (known.Size, known.LoadTime, known.Failure) = (size, loadTime, null);
            _ledger.Leave(slot.Size, Phase.Reserved);
            (slot.Size, slot.LoadTime, slot.LoadedAt) = (size, loadTime, _clock.Now);
            isWanted = slot.State is SlotState.Loading;
            if (isWanted && _ledger.FindNeverFits(Demand.Of(size)) is { } excess)
            {
                isWanted = false;
                FailWaiters(
                    slot,
                    new GraphTooLargeException(slot.Key, excess.Device, excess.IsBytes, excess.Limit, excess.Actual)
                );
                _table.Remove(slot.Key);
            }

            if (isWanted)
            {
                _ledger.Enter(size, Phase.Used);
                _loads++;
                _loadTime += loadTime;
                slot.State = SlotState.Loaded;
                slot.Land();
            }
            else
            {
                _ledger.Enter(size, Phase.Draining);
                Drain(slot, EvictionReason.Unwanted);
            }
            TrimExcess();
            MakeRoom();
        }
        if (!isWanted)
            return;
        Log.Loaded(_logger, slot.Key, loadTime);
        _meter.Loaded(loadTime);
        Raise(GraphEventKind.Loaded, slot, loadTime);
    }

    private void Fail(Slot slot, Exception failure, TimeSpan loadTime)
    {
        var kind = Classify(slot, failure);
        lock (_lock)
        {
            if (slot.State is SlotState.Loading)
            {
                Remember(slot, failure, kind);
                FailWaiters(slot, failure);
                _table.Remove(slot.Key);
            }
            Free(slot, Phase.Reserved);
        }
        Log.LoadFailed(_logger, failure, slot.Key);
        Raise(GraphEventKind.LoadFailed, slot, loadTime, failure);
    }

    private void FailWaiters(Slot slot, Exception failure)
    {
        _failures++;
        slot.Fail(failure);
    }

    // Code of the user, so not under the lock.
    private GraphFailureKind Classify(Slot slot, Exception failure)
    {
        try
        {
            return _settings.Classify(failure);
        }
        catch (Exception exception)
        {
            Log.ClassifyFailed(_logger, exception, slot.Key);
            return GraphFailureKind.Transient;
        }
    }

    private void Remember(Slot slot, Exception failure, GraphFailureKind kind)
    {
        var now = _clock.Now;
        var known = _history.Of(slot.Key.Digest);
        var inARow = 1 + (known.Failure?.InARow ?? 0);
        known.Failure = new RememberedFailure(
            kind,
            failure,
            now,
            now + _settings.RememberFor(kind, inARow),
            inARow,
            _disposals
        );
    }

    /// <summary>Gives up a load that nobody waits for; under the lock.</summary>
    /// <remarks>Out of the table first: whoever asks from now on gets a load of his own, and not this one's cancellation.</remarks>
    private void Abandon(Slot slot)
    {
        _table.Remove(slot.Key);
        slot.State = SlotState.Abandoned;
        _ = CancelLoadAsync(slot);
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
