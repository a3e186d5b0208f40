namespace Larder.Onnx;

/// <summary>
/// Counts the runs that are inside a session, and lets its owner wait until there is none and none can come.
/// </summary>
internal sealed class RunGate
{
    private const long Closed = 1L << 62;

    // Continuations elsewhere: the last run must not find itself releasing the session on its caller's thread.
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The runs inside, and Closed. Equal to Closed: drained, and so for ever, but for attempts to enter that back out.
    private long _state;

    /// <summary>Enters, unless the gate is closed. Who has entered leaves.</summary>
    public bool TryEnter()
    {
        // Counted before looking: a close that comes between finds this run and waits for it.
        if ((Interlocked.Increment(ref _state) & Closed) == 0)
            return true;
        Leave();
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _state) == Closed)
            _drained.TrySetResult();
    }

    /// <summary>Lets nobody in any more; the task ends when the last has left. May be called again.</summary>
    public Task CloseAsync()
    {
        if ((Interlocked.Or(ref _state, Closed) & ~Closed) == 0)
            _drained.TrySetResult();
        return _drained.Task;
    }
}
