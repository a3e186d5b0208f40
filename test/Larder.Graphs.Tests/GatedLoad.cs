namespace Larder.Graphs.Tests;

/// <summary>A load that ends when the test says so, and how.</summary>
internal sealed class GatedLoad
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<FakeGraph> _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the load goes on when its token is cancelled.</summary>
    public bool IgnoresCancellation { get; init; }

    public int Count { get; private set; }

    /// <summary>Ends when the load has begun.</summary>
    public Task Started => _started.Task;

    /// <summary>Ends when the load's token is cancelled.</summary>
    public Task Cancelled => _cancelled.Task;

    public FakeGraph Succeed() => Succeed(new FakeGraph());

    public FakeGraph Succeed(FakeGraph graph)
    {
        _ending.SetResult(graph);
        return graph;
    }

    public void Fail(Exception failure) => _ending.SetException(failure);

    public async Task<FakeGraph> RunAsync(CancellationToken cancellationToken)
    {
        Count++;
        // Stays registered: the wait below is told first, and must not take this off on its way out.
        _ = cancellationToken.Register(_cancelled.SetResult);
        _started.SetResult();
        return await _ending.Task.WaitAsync(IgnoresCancellation ? CancellationToken.None : cancellationToken);
    }
}
