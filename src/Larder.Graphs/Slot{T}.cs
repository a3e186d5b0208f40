namespace Larder.Graphs;

/// <summary>A slot with its graph and the tickets of those who lease it.</summary>
internal sealed class Slot<T>(GraphCache cache, GraphRequest<T> request, GraphSize size)
    : Slot(cache, request.Key, size)
    where T : class
{
    // Let go of after the load: it may hold much of its caller's.
    private Func<GraphLoad, CancellationToken, Task<T>>? _load = request.Load;

    // Under the cache's lock: a stack of tickets that came back, so that a hit allocates nothing once as many were out before.
    private LeaseTicket<T>? _returned;
    private T? _graph;

    public override Type GraphType => typeof(T);

    /// <summary>The graph, once it has landed.</summary>
    /// <exception cref="ObjectDisposedException">A caller uses a lease on one thread while it returns it on another.</exception>
    public T Graph => _graph ?? throw new ObjectDisposedException(typeof(T).FullName);

    public override async Task LoadAsync(GraphLoad load, CancellationToken cancellationToken)
    {
        var make = _load!;
        _load = null;
        if (make(load, cancellationToken) is { } loading)
            _graph = await loading.ConfigureAwait(false);
        if (_graph is null)
            throw new InvalidOperationException(
                $"The load of graph {Key} returned null; a load returns a graph or throws."
            );
    }

    public LeaseTicket<T> LendTyped(GraphUse use)
    {
        Users++;
        IsTaken = use is GraphUse.Exclusive;
        Uses.Add();
        var ticket = _returned;
        if (ticket is null)
            return new LeaseTicket<T>(this);
        _returned = ticket.Next;
        return ticket;
    }

    public override LeaseTicket Lend(GraphUse use) => LendTyped(use);

    /// <summary>Keeps a ticket that came back for another lease.</summary>
    public void Keep(LeaseTicket<T> ticket)
    {
        ticket.Next = _returned;
        _returned = ticket;
    }

    public override bool Holds(object graph) => ReferenceEquals(_graph, graph);

    public override async ValueTask DisposeGraphAsync()
    {
        var graph = _graph;
        _graph = null;
        if (graph is IAsyncDisposable asyncDisposable)
            await asyncDisposable.DisposeAsync().ConfigureAwait(false);
        else
            (graph as IDisposable)?.Dispose();
    }
}
