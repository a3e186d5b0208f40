using Larder.Content;
using Larder.Graphs.Budgets;
using Larder.Graphs.Eviction;

namespace Larder.Graphs;

/// <content>Room for loads. Everything here is under the lock.</content>
public sealed partial class GraphCache
{
    // Who waits for room, first come first. They hold nothing meanwhile, not even what is loaded of what they want: else two of
    // them could wait for each other.
    private readonly LinkedList<Rent> _queue = [];

    // How many waiters are looked at for room at once: enough to let those pass who wait for another device, and not so many that a
    // thousand waiters would slow down every return of a lease.
    private const int LookAhead = 64;

    private long _idleOrder;

    // Whether more is in use than the limits allow, so that what is returned may have to go.
    private bool _isOverLimit;

    private void Enqueue(Rent rent)
    {
        rent.Stage = RentStage.Queued;
        rent.Place = _queue.AddLast(rent);
        if (FindMissing(rent) is { Count: 0 } none)
        {
            Board(rent, none);
            return;
        }
        MakeRoom();
        if (rent.Stage is RentStage.Queued)
            _waits++;
    }

    /// <summary>Gives free room to those who wait, and evicts for the rest what is idle.</summary>
    private void MakeRoom()
    {
        if (_queue.Count is 0)
            return;
        while (BoardWhoFits())
            BoardWhoNeedsNoRoom();
        EvictForTheQueue();
    }

    /// <summary>Serves the first for whom there is room beside all that those before him want; false when there is nobody.</summary>
    private bool BoardWhoFits()
    {
        var ahead = new Demand();
        HashSet<EntryKey> planned = [];
        foreach (var rent in _queue.Take(LookAhead))
        {
            var missing = FindMissing(rent);
            if (_ledger.Fits(NeedOf(missing), ahead))
            {
                Board(rent, missing);
                return true;
            }
            // Many may wait for one graph: it is loaded once.
            ahead.Add(NeedOf(missing.FindAll(request => planned.Add(request.Key))));
        }
        return false;
    }

    /// <summary>Serves those whose graphs are all there by now, wherever they stand: a hit never waits for room.</summary>
    private void BoardWhoNeedsNoRoom()
    {
        for (var node = _queue.First; node is not null; )
        {
            var (rent, next) = (node.Value, node.Next);
            if (FindMissing(rent) is { Count: 0 } none)
                Board(rent, none);
            node = next;
        }
    }

    /// <summary>Evicts for the waiters in their order, as far as that helps; what is being disposed already counts as free.</summary>
    private void EvictForTheQueue()
    {
        var ahead = new Demand();
        HashSet<EntryKey> spared = [];
        HashSet<EntryKey> planned = [];
        foreach (var rent in _queue.Take(LookAhead))
        {
            // What a waiter wants and has, parts included, must not make place for the rest that he wants.
            spared.UnionWith(rent.Closure().Select(request => request.Key));
            var need = NeedOf(FindMissing(rent).FindAll(request => planned.Add(request.Key)));
            var missing = _ledger.ShortOf(need, ahead);
            if (!missing.IsMet && VictimChoice.Enough(_settings.Policy, Candidates(spared), missing) is { } victims)
                Evict(victims, EvictionReason.Room, FindMissing(rent)[0]);
            ahead.Add(need);
        }
    }

    /// <summary>Takes a call off the queue with room for all that it wants, and begins the loads that are missing.</summary>
    private void Board(Rent rent, List<GraphRequest> missing)
    {
        if (rent.Stage is RentStage.Queued)
            _queue.Remove(rent.Place!);
        if (FindTypeFault(rent) is { } fault)
        {
            rent.Stage = RentStage.Ended;
            rent.Fail(fault);
            return;
        }
        foreach (var graph in missing)
            Begin(graph, rent.Context);
        Slot[] slots = [.. rent.Requests.Select(wanted => _table[wanted.Key])];
        foreach (var slot in slots)
            slot.Holders++;
        rent.Board(slots);
    }

    /// <summary>What has to be loaded for a call, parts before the graphs that they are part of.</summary>
    private List<GraphRequest> FindMissing(Rent rent)
    {
        List<GraphRequest> missing = [];
        foreach (var request in rent.Requests)
            AddMissing(request, missing);
        return missing;
    }

    private void AddMissing(GraphRequest request, List<GraphRequest> missing)
    {
        if (_table.ContainsKey(request.Key) || missing.Exists(other => other.Key.Equals(request.Key)))
            return;
        foreach (var parent in request.Parents)
            AddMissing(parent, missing);
        missing.Add(request);
    }

    private Demand NeedOf(List<GraphRequest> missing)
    {
        var need = new Demand();
        foreach (var request in missing)
            need.Add(SizeOf(request));
        return need;
    }

    /// <summary>All that has to be in memory at once for a call.</summary>
    private Demand WholeOf(Rent rent)
    {
        var whole = new Demand();
        HashSet<EntryKey> counted = [];
        foreach (var request in rent.Requests)
            AddWhole(request);
        return whole;

        void AddWhole(GraphRequest request)
        {
            if (_table.TryGetValue(request.Key, out var slot))
                AddSlot(slot);
            else if (counted.Add(request.Key))
            {
                whole.Add(SizeOf(request));
                foreach (var parent in request.Parents)
                    AddWhole(parent);
            }
        }

        void AddSlot(Slot slot)
        {
            if (!counted.Add(slot.Key))
                return;
            whole.Add(slot.Size);
            foreach (var parent in slot.Parents)
                AddSlot(parent);
        }
    }

    // What was measured is nearer the truth than what was guessed.
    private GraphSize SizeOf(GraphRequest request) => _history.Find(request.Key)?.Size ?? request.EstimatedSize;

    private void DismissWhoNeverFits()
    {
        foreach (var rent in _queue.ToArray())
        {
            if (_ledger.FindNeverFits(WholeOf(rent)) is not { } excess)
                continue;
            _queue.Remove(rent.Place!);
            rent.Stage = RentStage.Ended;
            rent.Fail(NeverFits(rent.Requests[0].Key, excess));
        }
    }

    /// <summary>Evicts what is idle as far as the limits are exceeded.</summary>
    private void TrimExcess()
    {
        var excess = _ledger.Excess();
        _isOverLimit = !excess.IsMet;
        if (!_isOverLimit)
            return;
        Evict(VictimChoice.AsManyAsThereAre(_settings.Policy, Candidates([]), excess), EvictionReason.Limit);
        _isOverLimit = !_ledger.Excess().IsMet;
    }

    private void Evict(IEnumerable<Candidate> victims, EvictionReason reason, GraphRequest? roomFor = null)
    {
        foreach (var victim in victims.OfType<SlotCandidate>())
        {
            // A part of graphs that are going goes when they have gone: then it is idle, and chosen again.
            if (!victim.Slot.IsIdle)
                continue;
            victim.Slot.MadeRoomFor = roomFor;
            Unload(victim.Slot, reason);
        }
    }

    /// <summary>The loaded graphs as the policy sees them; who spares a graph spares it from being idle.</summary>
    private List<Candidate> Candidates(HashSet<EntryKey> spared)
    {
        var now = _clock.Now;
        Dictionary<Slot, Candidate> candidates = [];
        foreach (var slot in _table.Values)
        {
            if (slot.State is SlotState.Loaded)
                Add(slot);
        }
        return [.. candidates.Values];

        Candidate Add(Slot slot)
        {
            if (!candidates.TryGetValue(slot, out var candidate))
            {
                var isSpared = spared.Contains(slot.Key);
                candidate = new SlotCandidate(slot, [.. slot.Parents.Select(Add)])
                {
                    Size = slot.Size,
                    Holders = slot.Holders - slot.DrainingHolders + (isSpared ? 1 : 0),
                    Facts = slot.FactsAt(now),
                };
                candidates.Add(slot, candidate);
            }
            return candidate;
        }
    }

    private void LetGo(Slot[] slots, DateTimeOffset now)
    {
        foreach (var slot in slots)
            LetGo(slot, now);
    }

    /// <summary>Takes one holder off a slot, and does what follows when it was the last.</summary>
    private void LetGo(Slot slot, DateTimeOffset now)
    {
        if (--slot.Holders > 0)
        {
            // Who holds it still may be idle graphs that it is a part of: then all of them can go from now on.
            if (slot.State is SlotState.Loaded)
                UseWhatCanGo();
            SayWhenEmpty();
            return;
        }

        switch (slot.State)
        {
            case SlotState.Loading:
                Abandon(slot);
                break;
            case SlotState.Loaded:
                slot.IdleSince = now;
                slot.IdleOrder = ++_idleOrder;
                slot.Uses.AgeNowAndThen(now);
                if (_isDisposed)
                    Unload(slot, EvictionReason.Closed);
                else if (slot.Retirement is not null)
                    Unload(slot, EvictionReason.Removed);
                UseWhatCanGo();
                break;
        }
    }

    private void UseWhatCanGo()
    {
        if (_isOverLimit)
            TrimExcess();
        MakeRoom();
    }
}
