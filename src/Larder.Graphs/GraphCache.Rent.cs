using Larder.Content;
using Larder.Graphs.Budgets;

namespace Larder.Graphs;

/// <content>What a call goes through: the hit, or room, loads and its turn.</content>
public sealed partial class GraphCache
{
    // The load that the code at hand is a part of.
    private readonly AsyncLocal<Slot?> _loading = new();

    /// <summary>The hit.</summary>
    private bool TryLend<T>(EntryKey key, GraphUse use, out GraphLease<T> lease)
        where T : class
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_table.TryGetValue(key, out var found))
            {
                var slot = found as Slot<T> ?? throw AnotherType(key, found.GraphType, typeof(T));
                if (slot.State is SlotState.Loaded && slot.IsFree(use))
                {
                    CountHit(slot);
                    slot.Holders++;
                    lease = new GraphLease<T>(slot.LendTyped(use), fromCache: true);
                    return true;
                }
            }
        }
        lease = default;
        return false;
    }

    /// <summary>Ends the lease of that number, if it has not ended before.</summary>
    internal void Return<T>(LeaseTicket<T> ticket, long number)
        where T : class
    {
        var now = _clock.Now;
        lock (_lock)
            TakeBack(ticket, number, now);
    }

    /// <summary>Ends leases that were rented together.</summary>
    internal void Return(LeaseTicket[] tickets, long[] numbers)
    {
        var now = _clock.Now;
        lock (_lock)
        {
            for (var i = 0; i < tickets.Length; i++)
                TakeBack(tickets[i], numbers[i], now);
        }
    }

    private void TakeBack(LeaseTicket ticket, long number, DateTimeOffset now)
    {
        if (!ticket.TryTakeBack(number))
            return;
        var slot = ticket.Place;
        slot.Users--;
        slot.IsTaken = false;
        if (slot.TurnWaiters > 0)
            ServeTurns();
        LetGo(slot, now);
    }

    private async ValueTask<GraphLease<T>> RentSlowlyAsync<T>(
        GraphRequest<T> request,
        CancellationToken cancellationToken
    )
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        var rent = new Rent([request]);
        await AcquireAsync(rent, cancellationToken).ConfigureAwait(false);
        return new GraphLease<T>((LeaseTicket<T>)rent.Tickets[0], rent.WasLoaded[0]);
    }

    /// <summary>Gets leases of all that a call wants, or throws and leaves nothing behind.</summary>
    private async Task AcquireAsync(Rent rent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfLoading(rent);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            Admit(rent);
        }
        try
        {
            if (!rent.Boarding.IsCompleted)
                await WaitForRoomAsync(rent, cancellationToken).ConfigureAwait(false);
            await rent.Boarding.ConfigureAwait(false);
            await WaitForLoadsAsync(rent, cancellationToken).ConfigureAwait(false);
            lock (_lock)
                AskForTurn(rent);
            if (!rent.Turn.IsCompleted)
                await WaitForTurnAsync(rent, cancellationToken).ConfigureAwait(false);
            await rent.Turn.ConfigureAwait(false);
        }
        catch
        {
            Leave(rent);
            throw;
        }
    }

    /// <summary>Gives a new call what is there, or a place in the queue for room; throws, and changes nothing, when it never fits.</summary>
    private void Admit(Rent rent)
    {
        var missing = FindMissing(rent);
        if (FindTypeFault(rent) is { } fault)
            throw fault;
        foreach (var request in missing)
            ThrowIfFailedBefore(request);
        if (missing.Count > 0 && _ledger.FindNeverFits(WholeOf(rent)) is { } excess)
        {
            _failures++;
            throw NeverFits(rent.Requests[0].Key, excess);
        }

        for (var i = 0; i < rent.Requests.Count; i++)
        {
            if (_table.GetValueOrDefault(rent.Requests[i].Key) is { State: SlotState.Loaded } slot)
            {
                rent.WasLoaded[i] = true;
                CountHit(slot);
            }
            else
            {
                _misses++;
            }
        }
        Enqueue(rent);
    }

    private async Task WaitForRoomAsync(Rent rent, CancellationToken cancellationToken)
    {
        var limit = _settings.WaitForRoom;
        var started = _timeProvider.GetTimestamp();
        try
        {
            await rent.Boarding.WaitAsync(limit, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            lock (_lock)
            {
                // Room may have come while the deadline was on its way here: then the load is running, and worth the wait.
                if (rent.Stage is not RentStage.Queued)
                    return;
                _failures++;
                var leased = _table.Values.Count(slot => slot.Users > 0);
                throw new GraphRoomException(
                    rent.Requests[0].Key,
                    _ledger.Explain(NeedOf(FindMissing(rent))),
                    leased,
                    _timeProvider.GetElapsedTime(started)
                );
            }
        }
        finally
        {
            var waited = _timeProvider.GetElapsedTime(started);
            lock (_lock)
                _waitTime += waited;
            _meter.Waited(waited);
        }
    }

    private static async Task WaitForLoadsAsync(Rent rent, CancellationToken cancellationToken)
    {
        for (var i = 0; i < rent.Slots.Length; i++)
        {
            if (rent.Requests[i].Progress is { } progress && !rent.Slots[i].Landing.IsCompleted)
                rent.Slots[i].Progress.Add(progress);
        }
        try
        {
            // The first that fails ends the wait for the rest.
            var landings = rent.Slots.Select(slot => slot.Landing).ToList();
            while (landings.Count > 0)
            {
                var landed = await Task.WhenAny(landings).WaitAsync(cancellationToken).ConfigureAwait(false);
                await landed.ConfigureAwait(false);
                landings.Remove(landed);
            }
        }
        finally
        {
            for (var i = 0; i < rent.Slots.Length; i++)
            {
                if (rent.Requests[i].Progress is { } progress)
                    rent.Slots[i].Progress.Remove(progress);
            }
        }
    }

    /// <summary>Takes back whatever a call has, and its place in every queue.</summary>
    private void Leave(Rent rent)
    {
        var now = _clock.Now;
        lock (_lock)
        {
            var stage = rent.Stage;
            rent.Stage = RentStage.Ended;
            switch (stage)
            {
                case RentStage.Queued:
                    _queue.Remove(rent.Place!);
                    MakeRoom();
                    break;
                case RentStage.Boarded:
                    LetGo(rent.Slots, now);
                    break;
                case RentStage.InTurn:
                    LeaveTurns(rent);
                    LetGo(rent.Slots, now);
                    ServeTurns();
                    break;
                case RentStage.Served:
                    // It was served in the moment in which it gave up.
                    foreach (var ticket in rent.Tickets)
                        TakeBack(ticket, ticket.Number, now);
                    break;
            }
        }
    }

    /// <summary>Refuses a call from within a load: it would wait with the load's room in its hands.</summary>
    private void ThrowIfLoading(Rent rent)
    {
        if (_loading.Value is { State: SlotState.Loading } outer && ReferenceEquals(outer.Cache, this))
            throw new InvalidOperationException(
                $"The load of graph {KeyText.Of(outer.Key)} asks the cache for graph {KeyText.Of(rent.Requests[0].Key)}, and could wait for itself. Name that graph in the Parents of its request, and take it from GraphLoad.Parent."
            );
    }

    private void ThrowIfFailedBefore(GraphRequest request)
    {
        if (_history.Find(request.Key)?.Failure is not { } failure)
            return;
        var now = _clock.Now;
        if (failure.IsOver(now, _disposals))
            return;
        _failuresRemembered++;
        throw GraphLoadException.Remembered(request.Key, failure, now);
    }

    /// <summary>The fault of a call that wants one key as two types, or as another than it was loaded as.</summary>
    private InvalidOperationException? FindTypeFault(Rent rent)
    {
        Dictionary<EntryKey, Type> types = [];
        foreach (var request in rent.Closure())
        {
            var known = _table.TryGetValue(request.Key, out var slot)
                ? slot.GraphType
                : types.GetValueOrDefault(request.Key, request.GraphType);
            if (known != request.GraphType)
                return AnotherType(request.Key, known, request.GraphType);
            types[request.Key] = known;
        }
        return null;
    }

    private static GraphTooLargeException NeverFits(EntryKey key, LimitExcess excess) =>
        new(key, excess.Device, excess.IsBytes, excess.Limit, excess.Actual);

    private static InvalidOperationException AnotherType(EntryKey key, Type known, Type wanted) =>
        new(
            $"Graph {KeyText.Of(key)} was loaded as {known} and cannot be rented as {wanted}. Rent it as what it was loaded as, or give the two different keys."
        );
}
