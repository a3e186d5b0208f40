using Larder.Content;

namespace Larder.Graphs;

/// <summary>A hold on a loaded graph: until it is returned, by disposing it, the graph is neither evicted nor disposed.</summary>
/// <remarks>
/// Whoever rents returns, once; copies are the same lease, and returning it again does nothing. Returning never waits.
/// The graph itself belongs to the cache: callers never dispose it, nor use it after the return.
/// </remarks>
/// <typeparam name="T">What the graph was loaded as.</typeparam>
public readonly struct GraphLease<T> : IAsyncDisposable, IDisposable
    where T : class
{
    // A structure over a ticket that is used again: a hit allocates nothing.
    private readonly LeaseTicket<T>? _ticket;
    private readonly long _number;

    internal GraphLease(LeaseTicket<T> ticket, bool fromCache)
    {
        _ticket = ticket;
        _number = ticket.Number;
        FromCache = fromCache;
    }

    /// <summary>The graph, ready to run.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been returned.</exception>
    public T Graph =>
        Ticket.Number == _number
            ? Ticket.Slot.Graph
            : throw new ObjectDisposedException(
                nameof(GraphLease<T>),
                $"The lease of graph {Key} has been returned; rent the graph again."
            );

    /// <summary>The key that the graph was rented by.</summary>
    public EntryKey Key => Ticket.Slot.Key;

    /// <summary>Whether the graph was loaded when it was asked for; false for all who waited for its load.</summary>
    public bool FromCache { get; }

    /// <summary>How long the graph took to load, whoever waited for it.</summary>
    public TimeSpan LoadTime => Ticket.Slot.LoadTime;

    private LeaseTicket<T> Ticket =>
        _ticket ?? throw new InvalidOperationException("This lease was not rented from a cache and holds no graph.");

    /// <summary>Returns the lease.</summary>
    public void Dispose() => _ticket?.Slot.Cache.Return(_ticket, _number);

    /// <summary>Returns the lease; done when the call comes back.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
