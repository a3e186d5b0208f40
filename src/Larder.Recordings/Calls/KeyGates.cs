using Larder.Content;

namespace Larder.Recordings.Calls;

/// <summary>Lets one call of each key at a time through, so that the second finds what the first has recorded.</summary>
internal sealed class KeyGates
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, Gate> _gates = [];

    /// <summary>Waits for the turn; disposing what it gives ends it.</summary>
    public async ValueTask<IDisposable> EnterAsync(Digest key, CancellationToken cancellationToken)
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
        var gate = Join(key);
        gate.Turn.Wait();
        return new Hold(this, key, gate);
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

    private sealed class Hold(KeyGates gates, Digest key, Gate gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Turn.Release();
            gates.Leave(key, gate);
        }
    }
}
