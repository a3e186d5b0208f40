namespace Larder.Graphs;

/// <summary>Leases of several graphs that were rented in one call.</summary>
/// <remarks>Whoever rents returns, once for all of them; returning again does nothing. Returning never waits.</remarks>
public sealed class GraphLeases : IAsyncDisposable, IDisposable
{
    private readonly GraphCache _cache;
    private readonly IReadOnlyList<GraphRequest> _requests;
    private readonly LeaseTicket[] _tickets;
    private readonly long[] _numbers;
    private int _isReturned;

    internal GraphLeases(GraphCache cache, IReadOnlyList<GraphRequest> requests, LeaseTicket[] tickets)
    {
        _cache = cache;
        _requests = requests;
        _tickets = tickets;
        _numbers = [.. tickets.Select(ticket => ticket.Number)];
    }

    /// <summary>The graph that a request has got.</summary>
    /// <exception cref="ArgumentException">The request was not among those rented.</exception>
    /// <exception cref="ObjectDisposedException">The leases have been returned.</exception>
    public T Graph<T>(GraphRequest<T> request)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isReturned) is not 0, this);
        for (var i = 0; i < _tickets.Length; i++)
        {
            if (ReferenceEquals(_requests[i], request))
                return ((LeaseTicket<T>)_tickets[i]).Slot.Graph;
        }
        throw new ArgumentException($"Graph {request.Key} was not rented here.", nameof(request));
    }

    /// <summary>Returns all the leases.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) is 0)
            _cache.Return(_tickets, _numbers);
    }

    /// <summary>Returns all the leases; done when the call comes back.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
