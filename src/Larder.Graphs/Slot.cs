using Larder.Content;
using Larder.Graphs.Eviction;

namespace Larder.Graphs;

/// <summary>The place of one graph in a cache, from the moment that there is room for it until its disposal has ended.</summary>
/// <remarks>What can be set is guarded by the cache's lock.</remarks>
internal abstract class Slot(GraphCache cache, EntryKey key, GraphSize size)
{
    // Continuations run elsewhere, so it can be ended under the lock.
    private readonly TaskCompletionSource _landing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Not a property: a hit counts itself in place.
    public UseCount Uses;

    public GraphCache Cache => cache;

    public EntryKey Key { get; } = key;

    /// <summary>What logs and events call it; null for its key.</summary>
    public string? Name { get; init; }

    /// <summary>Who got its room when it was evicted; null where nobody in particular did.</summary>
    public GraphRequest? MadeRoomFor { get; set; }

    /// <summary>The type that the graph was, or is being, loaded as.</summary>
    public abstract Type GraphType { get; }

    public SlotState State { get; set; } = SlotState.Loading;

    /// <summary>What the graph counts for: the estimate at first, then what was measured.</summary>
    public GraphSize Size { get; set; } = size;

    /// <summary>
    /// Who keeps it in memory: leases, callers who wait for it, graphs that it is a part of. Each takes itself off once.
    /// </summary>
    public int Holders { get; set; }

    /// <summary>Those of <see cref="Holders"/> that are being disposed and will be gone by themselves.</summary>
    public int DrainingHolders { get; set; }

    /// <summary>Those of <see cref="Holders"/> that are graphs which it is a part of.</summary>
    public int Children { get; set; }

    /// <summary>Whether its load has passed its deadline and has not ended.</summary>
    public bool IsLate { get; set; }

    /// <summary>Leases that are out.</summary>
    public int Users { get; set; }

    /// <summary>Whether the one lease that is out is an exclusive one.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Callers in the queue for their turn at it; who comes after them waits behind them.</summary>
    public int TurnWaiters { get; set; }

    /// <summary>The graphs that are parts of this one, held until it has been disposed.</summary>
    public Slot[] Parents { get; set; } = [];

    public bool IsIdle => State is SlotState.Loaded && Holders is 0;

    public TimeSpan LoadTime { get; set; }

    /// <summary>When the graph had been loaded.</summary>
    public DateTimeOffset LoadedAt { get; set; }

    /// <summary>When the last holder left.</summary>
    public DateTimeOffset IdleSince { get; set; }

    /// <summary>A number that grows each time that a graph becomes idle: two can do so at one time.</summary>
    public long IdleOrder { get; set; }

    /// <summary>Who is told how far the load is.</summary>
    public LoadProgress Progress { get; } = new(key, cache.Logger);

    /// <summary>The disposal of the graph, from <see cref="SlotState.Draining"/> on.</summary>
    public Task Disposal { get; set; } = Task.CompletedTask;

    /// <summary>Set while it is to go as soon as nobody holds it; ends when it has gone.</summary>
    public TaskCompletionSource? Retirement { get; set; }

    /// <summary>Ends when the graph is loaded, and fails when the load does.</summary>
    public Task Landing => _landing.Task;

    /// <summary>Cancels the load once nobody waits for it any more.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>Whether a lease can be given at once to somebody who is in no queue.</summary>
    public bool IsFree(GraphUse use) => TurnWaiters is 0 && Allows(use);

    /// <summary>Whether the leases that are out allow another.</summary>
    public bool Allows(GraphUse use) => use is GraphUse.Shared ? !IsTaken : Users is 0;

    /// <summary>What a policy may know of it.</summary>
    public GraphFacts FactsAt(DateTimeOffset now) =>
        new(Uses.AgeTo(now), Uses.Total, IdleOrder, LoadTime, FreedBytes: 1);

    public void Land() => _landing.SetResult();

    public void Fail(Exception failure)
    {
        // A cache that is being closed may have been first.
        _landing.TrySetException(failure);
        // The last waiter may just be leaving for a reason of its own; the failure then has no reader and needs none.
        _ = _landing.Task.Exception;
    }

    /// <summary>Runs the load.</summary>
    public abstract Task LoadAsync(GraphLoad load, CancellationToken cancellationToken);

    /// <summary>Makes a lease for a holder that is counted already.</summary>
    public abstract LeaseTicket Lend(GraphUse use);

    /// <summary>Whether this is the slot of that very graph.</summary>
    public abstract bool Holds(object graph);

    /// <summary>Disposes the graph, if it can be disposed, and lets go of it.</summary>
    public abstract ValueTask DisposeGraphAsync();
}
