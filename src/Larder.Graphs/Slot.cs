using Larder.Content;

namespace Larder.Graphs;

/// <summary>The place of one graph in a cache, from the first caller's wish until its disposal has ended.</summary>
/// <remarks>What can be set is guarded by the cache's lock.</remarks>
internal abstract class Slot(EntryKey key)
{
    // Continuations run elsewhere, so both can be ended under the lock.
    private readonly TaskCompletionSource<bool> _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _landing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EntryKey Key { get; } = key;

    /// <summary>The type that the graph was, or is being, loaded as.</summary>
    public abstract Type GraphType { get; }

    public SlotState State { get; set; } = SlotState.Queued;

    /// <summary>Callers who wait for the graph or lease it; each takes itself off once.</summary>
    public int Holders { get; set; }

    public bool IsIdle => State is SlotState.Loaded && Holders is 0;

    public TimeSpan LoadTime { get; set; }

    /// <summary>When the last holder left.</summary>
    public DateTimeOffset IdleSince { get; set; }

    /// <summary>A number that grows each time that a graph becomes idle: two can do so at one time.</summary>
    public long IdleOrder { get; set; }

    /// <summary>The disposal of the graph, from <see cref="SlotState.Draining"/> on.</summary>
    public Task Disposal { get; set; } = Task.CompletedTask;

    /// <summary>Whether the load may begin: true once there is room, false when nobody wants it any more.</summary>
    public Task<bool> Room => _room.Task;

    /// <summary>Ends when the graph is loaded, and fails when the load does.</summary>
    public Task Landing => _landing.Task;

    /// <summary>Cancels the load once nobody waits for it any more.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    public void GrantRoom() => _room.SetResult(true);

    public void RefuseRoom() => _room.SetResult(false);

    public void Land() => _landing.SetResult();

    public void Fail(Exception failure)
    {
        _landing.SetException(failure);
        // The last waiter may just be leaving for a reason of its own; the failure then has no reader and needs none.
        _ = _landing.Task.Exception;
    }

    /// <summary>Disposes the graph, if it can be disposed, and lets go of it.</summary>
    public abstract ValueTask DisposeGraphAsync();
}
