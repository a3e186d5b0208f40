namespace Larder.TestKit;

/// <summary>A point that the code under test passes only when the test lets it; open until it is closed.</summary>
public sealed class Gate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _reached = NewSource();
    private TaskCompletionSource? _closed;

    /// <summary>Ends when somebody has come to the gate since it was closed last.</summary>
    public Task Reached
    {
        get
        {
            lock (_lock)
                return _reached.Task;
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed ??= NewSource();
            _reached = NewSource();
        }
    }

    public void Open()
    {
        TaskCompletionSource? closed;
        lock (_lock)
            (closed, _closed) = (_closed, null);
        closed?.SetResult();
    }

    public Task PassAsync(CancellationToken cancellationToken = default)
    {
        Task? opened;
        lock (_lock)
        {
            _reached.TrySetResult();
            opened = _closed?.Task;
        }
        return opened?.WaitAsync(cancellationToken) ?? Task.CompletedTask;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
