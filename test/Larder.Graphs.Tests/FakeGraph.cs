namespace Larder.Graphs.Tests;

/// <summary>A graph whose disposal a test can hold up, let fail, and wait for.</summary>
internal sealed class FakeGraph : IAsyncDisposable
{
    private readonly TaskCompletionSource _disposing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the disposal waits for; nothing unless a test sets it.</summary>
    public Task DisposalGate { get; init; } = Task.CompletedTask;

    /// <summary>Ends when the disposal has begun.</summary>
    public Task Disposing => _disposing.Task;

    public bool IsDisposed => _disposing.Task.IsCompleted;

    public async ValueTask DisposeAsync()
    {
        _disposing.SetResult();
        await DisposalGate;
    }
}
