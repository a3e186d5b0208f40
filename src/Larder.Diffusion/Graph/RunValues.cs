namespace Larder.Diffusion.Graph;

/// <summary>The values of one run, each for as long as somebody is still to read it.</summary>
/// <remarks>
/// A slot is written by the one node that fills it, before the nodes that read it are let go, so slots need no lock. A thing that
/// is to be disposed of may stand in several, because a node may hand on what it was given; it goes when the last of them is free.
/// </remarks>
internal sealed class RunValues
{
    private const int Lent = -1;
    private static readonly object Unset = new();

    private readonly object?[] _values;
    private readonly int[] _readersLeft;
    private readonly Lock _lock = new();

    // Under the lock. How many slots hold each that is to be disposed of or measured; Lent for what is somebody else's.
    private Dictionary<object, int>? _holds;
    private long _bytesFreed;

    public RunValues(GraphPlan plan, object?[] inputs)
    {
        _readersLeft = (int[])plan.Readers.Clone();
        _values = new object?[_readersLeft.Length];
        _values.AsSpan(inputs.Length).Fill(Unset);
        for (var slot = 0; slot < inputs.Length; slot++)
            Put(slot, inputs[slot], isOwned: false);
    }

    public object? this[int slot] => _values[slot];

    /// <summary>The bytes of all that was measured and freed: what the caller or somebody else keeps is not among it.</summary>
    public long BytesFreed => Interlocked.Read(ref _bytesFreed);

    public bool IsSet(int slot) => !ReferenceEquals(_values[slot], Unset);

    /// <summary>Fills a slot.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="value">The value.</param>
    /// <param name="isOwned">Whether the run disposes of it, unless it was handed something like that before.</param>
    public void Put(int slot, object? value, bool isOwned)
    {
        if (value is IDisposable or IMeasured)
        {
            lock (_lock)
            {
                _holds ??= new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
                var holds = _holds.GetValueOrDefault(value, isOwned ? 0 : Lent);
                _holds[value] = holds == Lent ? Lent : holds + 1;
            }
        }
        _values[slot] = value;
    }

    /// <summary>Notes that a reader of the slot is done with it.</summary>
    /// <returns>What is to be disposed of now.</returns>
    public IDisposable? Release(int slot)
    {
        if (Interlocked.Decrement(ref _readersLeft[slot]) > 0)
            return null;
        var value = _values[slot];
        _values[slot] = null;
        if (value is not (IDisposable or IMeasured))
            return null;
        lock (_lock)
        {
            var holds = _holds![value];
            if (holds > 1)
                _holds[value] = holds - 1;
            if (holds != 1)
                return null;
            _holds.Remove(value);
        }
        if (value is IMeasured measured)
            Interlocked.Add(ref _bytesFreed, measured.SizeBytes);
        return value as IDisposable;
    }

    /// <summary>Takes all that the run would have had to dispose of.</summary>
    public IReadOnlyList<IDisposable> TakeOwned()
    {
        lock (_lock)
        {
            if (_holds is null)
                return [];
            IDisposable[] owned =
            [
                .. _holds.Where(held => held.Value != Lent).Select(held => held.Key).OfType<IDisposable>(),
            ];
            _holds = null;
            return owned;
        }
    }
}
