using Larder.Content;

namespace Larder.Recordings.Calls;

/// <summary>Lets one call of each key at a time through, so that the second finds what the first has recorded.</summary>
internal sealed class KeyGates
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, Gate> _gates = [];

    // The calls that the running code is part of, the innermost first.
    private readonly AsyncLocal<Caller?> _callers = new();

    /// <summary>Waits for the turn; disposing what it gives ends it.</summary>
    /// <remarks>A call within one of the same key, such as that of a service which was wrapped twice, has it already.</remarks>
    public ValueTask<IDisposable> EnterAsync(Digest key, CancellationToken cancellationToken) =>
        IsWithin(key) ? new(NoHold.Instance) : WaitAsync(key, cancellationToken);

    private async ValueTask<IDisposable> WaitAsync(Digest key, CancellationToken cancellationToken)
    {
        var gate = Join(key);
        try
        {
            await gate.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Leave(key, gate);
            throw;
        }
        return new Hold(this, key, gate);
    }

    /// <summary>The same for who has nothing to await.</summary>
    public IDisposable Enter(Digest key)
    {
        if (IsWithin(key))
            return NoHold.Instance;
        var gate = Join(key);
        gate.Turn.Wait();
        return new Hold(this, key, gate);
    }

    /// <summary>Marks what is called from here on as part of a call of that key, until it is disposed.</summary>
    public IDisposable Within(Digest key)
    {
        var before = _callers.Value;
        _callers.Value = new Caller(key, before);
        return new Mark(_callers, before);
    }

    private bool IsWithin(Digest key)
    {
        for (var caller = _callers.Value; caller is not null; caller = caller.Outer)
        {
            if (caller.Key == key)
                return true;
        }
        return false;
    }

    private Gate Join(Digest key)
    {
        lock (_lock)
        {
            if (!_gates.TryGetValue(key, out var gate))
                _gates.Add(key, gate = new Gate());
            gate.Users++;
            return gate;
        }
    }

    private void Leave(Digest key, Gate gate)
    {
        lock (_lock)
        {
            if (--gate.Users == 0)
                _gates.Remove(key);
        }
    }

    // Never disposed: its wait handle, the one thing to dispose, is never asked for.
    private sealed class Gate
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        /// <summary>Who holds it or waits for it; under the lock.</summary>
        public int Users { get; set; }
    }

    private sealed record Caller(Digest Key, Caller? Outer);

    private sealed class Mark(AsyncLocal<Caller?> callers, Caller? before) : IDisposable
    {
        public void Dispose() => callers.Value = before;
    }

    private sealed class NoHold : IDisposable
    {
        public static readonly NoHold Instance = new();

        public void Dispose() { }
    }

    private sealed class Hold(KeyGates gates, Digest key, Gate gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Turn.Release();
            gates.Leave(key, gate);
        }
    }
}
