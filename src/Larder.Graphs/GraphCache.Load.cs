using Larder.Graphs.Budgets;
using Larder.Graphs.Failures;
using Larder.Telemetry;

namespace Larder.Graphs;

/// <content>One load for all who wait for it.</content>
public sealed partial class GraphCache
{
    // Abandoned loads that have not ended, and those of them that should have long ago.
    private int _abandoned;
    private int _lateLoads;

    /// <summary>Reserves the room of a graph, holds its parts, and begins its load; under the lock, with room and all parts there.</summary>
    private void Begin(GraphRequest request, ExecutionContext? context)
    {
        var slot = request.CreateSlot(this, SizeOf(request));
        if (_history.Find(request.Key) is { } known)
            slot.Uses = known.Uses;
        _table.Add(slot.Key, slot);
        _ledger.Enter(slot.Size, Phase.Reserved);
        slot.Parents = [.. request.Parents.Select(parent => _table[parent.Key])];
        foreach (var parent in slot.Parents)
        {
            parent.Holders++;
            parent.Children++;
        }
        // On the pool: a load may block for seconds before it first awaits, and even the caller who brought it must be able
        // to leave meanwhile. With the ambient values of that caller, whoever it is that makes room for it.
        ThreadPool.UnsafeQueueUserWorkItem(_ => StartLoad(slot, context), null);
    }

    private void StartLoad(Slot slot, ExecutionContext? context)
    {
        if (context is null)
            _ = LoadAsync(slot);
        else
            ExecutionContext.Run(context, _ => _ = LoadAsync(slot), null);
    }

    private async Task LoadAsync(Slot slot)
    {
        var load = new GraphLoad(slot);
        var cancellationToken = slot.Cancellation.Token;
        var loading = Task.CompletedTask;
        Exception? failure = null;
        var started = _timeProvider.GetTimestamp();
        using var activity = LarderActivities
            .Start(LarderActivities.Load)
            ?.SetTag("larder.graph.key", slot.Key.ToString());
        try
        {
            foreach (var parent in slot.Parents)
                await parent.Landing.WaitAsync(cancellationToken).ConfigureAwait(false);
            // Between the beginning and here the last waiter may have left.
            cancellationToken.ThrowIfCancellationRequested();
            started = _timeProvider.GetTimestamp();
            _loading.Value = slot;
            // On a thread of its own, so that the deadline comes also where the load blocks.
            loading = Task.Run(() => slot.LoadAsync(load, cancellationToken), CancellationToken.None);
            await WaitForLoadAsync(slot, loading).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
            activity.Fail(exception);
        }

        var loadTime = _timeProvider.GetElapsedTime(started);
        // Before those who wait go on: what they do next is no part of it.
        activity?.Stop();
        if (failure is null)
            Land(slot, load.Size, loadTime);
        else
            Fail(slot, failure, loadTime);
    }

    /// <summary>Waits for a load to its very end; at its deadline it is cancelled and out of the table, and still counts.</summary>
    private async Task WaitForLoadAsync(Slot slot, Task loading)
    {
        var limit = _settings.LoadDeadline;
        await loading.WaitAsync(limit, _timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!loading.IsCompleted)
        {
            var late = GraphLoadException.TooSlow(slot.Key, limit);
            lock (_lock)
            {
                slot.IsLate = true;
                _lateLoads++;
                if (slot.State is SlotState.Loading)
                {
                    Remember(slot, late, late.Message, late.Kind);
                    FailWaiters(slot, late);
                    Abandon(slot);
                }
                SayWhenEmpty();
            }
            Log.LoadTooSlow(_logger, slot.Key, limit);
            Raise(GraphEventKind.LoadFailed, slot, limit, late);
        }
        await loading.ConfigureAwait(false);
    }

    private void Land(Slot slot, GraphSize size, TimeSpan loadTime)
    {
        bool isWanted;
        lock (_lock)
        {
            isWanted = slot.State is SlotState.Loading;
            var isCorrected = !ReferenceEquals(size, slot.Size);
            EndLoad(slot);
            _ledger.Leave(slot.Size, Phase.Reserved);
            (slot.Size, slot.LoadTime, slot.LoadedAt) = (size, loadTime, _clock.Now);
            if (_ledger.FindNeverFits(Demand.Of(size)) is { } excess)
            {
                RefuseTooLarge(slot, NeverFits(slot.Key, excess), isWanted);
                isWanted = false;
            }
            else
            {
                var known = _history.Of(slot.Key.Digest);
                (known.Size, known.LoadTime, known.Failure) = (size, loadTime, null);
            }

            _ledger.Enter(size, isWanted ? Phase.Used : Phase.Draining);
            if (isWanted)
                Serve(slot, loadTime);
            else
                Drain(slot, EvictionReason.Unwanted);
            // Other than it was taken for, it may be too large for those who want others with it.
            if (isCorrected)
                DismissWhoNeverFits();
            TrimExcess();
            MakeRoom();
        }
        Log.Loaded(_logger, slot.Key, loadTime);
        _meter.Loaded(loadTime);
        // An unwanted one tells of its load when it goes, so that the one comes after the other.
        if (isWanted)
            Raise(GraphEventKind.Loaded, slot, loadTime);
    }

    private void Serve(Slot slot, TimeSpan loadTime)
    {
        _loads++;
        _loadTime += loadTime;
        slot.State = SlotState.Loaded;
        slot.Land();
    }

    // Remembered as a failure and not as a size: what was measured wrong once must not lock it out for ever.
    private void RefuseTooLarge(Slot slot, GraphTooLargeException tooLarge, bool isWanted)
    {
        Remember(slot, tooLarge, tooLarge.Message, GraphFailureKind.Permanent);
        if (!isWanted)
            return;
        FailWaiters(slot, tooLarge);
        _table.Remove(slot.Key);
    }

    private void Fail(Slot slot, Exception failure, TimeSpan loadTime)
    {
        var (kind, message) = Describe(slot, failure);
        bool wasLate;
        lock (_lock)
        {
            wasLate = slot.IsLate;
            if (slot.State is SlotState.Loading)
            {
                Remember(slot, failure, message, kind);
                FailWaiters(slot, failure);
                _table.Remove(slot.Key);
            }
            EndLoad(slot);
            Free(slot, Phase.Reserved);
        }
        Log.LoadFailed(_logger, failure, slot.Key);
        if (!wasLate)
            Raise(GraphEventKind.LoadFailed, slot, loadTime, failure);
    }

    private void EndLoad(Slot slot)
    {
        if (slot.State is SlotState.Abandoned)
            _abandoned--;
        if (slot.IsLate)
            _lateLoads--;
        slot.IsLate = false;
    }

    private void FailWaiters(Slot slot, Exception failure)
    {
        _failures++;
        slot.Fail(failure);
    }

    // Code of the user, so not under the lock.
    private (GraphFailureKind Kind, string Message) Describe(Slot slot, Exception failure)
    {
        try
        {
            return (_settings.Classify(failure), failure.Message);
        }
        catch (Exception exception)
        {
            Log.ClassifyFailed(_logger, exception, slot.Key);
            return (GraphFailureKind.Transient, failure.GetType().ToString());
        }
    }

    private void Remember(Slot slot, Exception failure, string message, GraphFailureKind kind)
    {
        var now = _clock.Now;
        var known = _history.Of(slot.Key.Digest);
        var inARow = 1 + (known.Failure?.InARow ?? 0);
        var time = _settings.RememberFor(kind, inARow);
        var until = time < DateTimeOffset.MaxValue - now ? now + time : DateTimeOffset.MaxValue;
        known.Failure = new RememberedFailure(kind, failure, message, now, until, inARow, _disposals);
    }

    /// <summary>Gives up a load that nobody waits for; under the lock.</summary>
    /// <remarks>Out of the table first: whoever asks from now on gets a load of his own, and not this one's cancellation.</remarks>
    private void Abandon(Slot slot)
    {
        _table.Remove(slot.Key);
        slot.State = SlotState.Abandoned;
        _abandoned++;
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
