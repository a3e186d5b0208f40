namespace Larder.Graphs;

/// <summary>What tells the copies of one lease from the next lease that is made of the same ticket.</summary>
internal abstract class LeaseTicket
{
    // Written under the cache's lock; read without it by a lease that gives its graph.
    private long _number;

    /// <summary>The number of the lease that holds the ticket, or of the next that will.</summary>
    public long Number => Volatile.Read(ref _number);

    /// <summary>The graph's place.</summary>
    public abstract Slot Place { get; }

    /// <summary>Ends the lease of that number and keeps the ticket for another, unless it has ended before; under the cache's lock.</summary>
    public abstract bool TryTakeBack(long number);

    /// <summary>Ends the lease of that number, if it has not ended before; under the cache's lock.</summary>
    protected bool TryAdvance(long number)
    {
        if (_number != number)
            return false;
        Volatile.Write(ref _number, number + 1);
        return true;
    }
}
