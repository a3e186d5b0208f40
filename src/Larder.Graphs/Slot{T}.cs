using Larder.Content;

namespace Larder.Graphs;

/// <summary>A slot with its graph and the tickets of those who lease it.</summary>
internal sealed class Slot<T>(GraphCache cache, EntryKey key) : Slot(key)
    where T : class
{
    // Under the cache's lock: tickets that came back, so that a hit allocates nothing once as many were out before.
    private readonly Stack<LeaseTicket<T>> _returned = new();
    private T? _graph;

    public override Type GraphType => typeof(T);

    public GraphCache Cache => cache;

    /// <summary>The graph, once it has landed.</summary>
    /// <exception cref="ObjectDisposedException">A caller uses a lease on one thread while it returns it on another.</exception>
    public T Graph
    {
        get => _graph ?? throw new ObjectDisposedException(typeof(T).FullName);
        set => _graph = value;
    }

    /// <summary>Makes a lease for a holder that is counted already; under the cache's lock.</summary>
    public GraphLease<T> Lease(bool fromCache)
    {
        if (!_returned.TryPop(out var ticket))
            ticket = new LeaseTicket<T>(this);
        return new GraphLease<T>(ticket, fromCache);
    }

    /// <summary>Takes a ticket back and says whether this was its first time; under the cache's lock.</summary>
    public bool TryTakeBack(LeaseTicket<T> ticket, long number)
    {
        if (!ticket.TryAdvance(number))
            return false;
        _returned.Push(ticket);
        return true;
    }

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
