namespace Larder.Sharing;

/// <summary>The right to compute an answer while others wait for it; renewed until it is disposed.</summary>
internal sealed class SharedLease : IAsyncDisposable
{
    /// <summary>Whether the answer may be there by now, because somebody else held the lease: look again before computing.</summary>
    public bool MustLookAgain { get; init; }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
