namespace Larder.Sharing;

/// <summary>The right to compute an answer while others wait for it; renewed until it is disposed.</summary>
/// <remarks>
/// It saves work and never carries correctness: two that compute the same publish one result. One that holds nothing is handed
/// out where leases are off, the store does not answer, or the wait was over: its user computes all the same.
/// </remarks>
internal sealed class SharedLease : IAsyncDisposable
{
    private readonly LeaseHold? _hold;

    public SharedLease(LeaseHold? hold, bool mustLookAgain)
    {
        _hold = hold;
        MustLookAgain = mustLookAgain;
    }

    /// <summary>Whether the answer may be there by now, because somebody else held the lease: look again before computing.</summary>
    public bool MustLookAgain { get; }

    /// <summary>Whether others wait for this one.</summary>
    public bool IsHeld => _hold is not null;

    /// <summary>Gives it back, so that those who wait need not wait until it is stale.</summary>
    public ValueTask DisposeAsync() => _hold?.DisposeAsync() ?? ValueTask.CompletedTask;
}
