namespace Larder.Graphs;

/// <summary>A call that could not be answered at once: it waits for room, for loads, for its turn, and holds nothing but what it has.</summary>
/// <remarks>Guarded by the cache's lock. The README of this folder tells why this way nobody waits for ever.</remarks>
internal sealed class Rent(IReadOnlyList<GraphRequest> requests)
{
    // Continuations run elsewhere, so both can be ended under the lock.
    private readonly TaskCompletionSource _boarding = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<GraphRequest> Requests => requests;

    /// <summary>The caller's ambient values, which its loads run with, whoever's return makes room for them.</summary>
    public ExecutionContext? Context { get; } = ExecutionContext.Capture();

    /// <summary>Its place in the queue that it is in.</summary>
    public LinkedListNode<Rent>? Place { get; set; }

    public RentStage Stage { get; set; } = RentStage.New;

    /// <summary>A slot for each request, from <see cref="RentStage.Boarded"/> on, each held once.</summary>
    public Slot[] Slots { get; private set; } = [];

    /// <summary>For each request, whether its graph was loaded when it was asked for.</summary>
    public bool[] WasLoaded { get; } = new bool[requests.Count];

    /// <summary>The leases, from <see cref="RentStage.Served"/> on.</summary>
    public LeaseTicket[] Tickets { get; set; } = [];

    /// <summary>Ends when every graph is in the table, loaded or being loaded.</summary>
    public Task Boarding => _boarding.Task;

    /// <summary>Ends when every graph is leased.</summary>
    public Task Turn => _turn.Task;

    public void Board(Slot[] slots)
    {
        Slots = slots;
        Stage = RentStage.Boarded;
        _boarding.SetResult();
    }

    public void Serve()
    {
        Stage = RentStage.Served;
        _turn.SetResult();
    }

    /// <summary>All that it wants, parts included; a key comes as often as it is wanted.</summary>
    public IEnumerable<GraphRequest> Closure() => requests.SelectMany(request => request.Closure());

    /// <summary>Ends whatever the call waits for.</summary>
    public void Fail(Exception failure)
    {
        _boarding.TrySetException(failure);
        _turn.TrySetException(failure);
        // The caller may just be leaving for a reason of its own.
        _ = _boarding.Task.Exception;
        _ = _turn.Task.Exception;
    }
}
