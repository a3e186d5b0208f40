namespace Larder.Onnx.Json;

/// <summary>The faults of one request, up to a number that a person would read.</summary>
internal sealed class FaultList
{
    /// <summary>
    /// A thousand wrong elements of one array are one mistake: more faults than these are only counted.
    /// </summary>
    public const int Max = 50;

    private readonly List<InputFault> _faults = [];
    private bool _isCut;

    public int Count { get; private set; }

    /// <summary>Whether those that come would only be counted.</summary>
    public bool IsFull => Count >= Max;

    /// <summary>Says that nobody looked for more.</summary>
    public void Cut() => _isCut = true;

    public void Add(string path, string message) => Add(new InputFault(path, message));

    public void Add(InputFault fault)
    {
        Count++;
        if (Count <= Max)
            _faults.Add(fault);
    }

    public void AddRange(IEnumerable<InputFault> faults)
    {
        foreach (var fault in faults)
            Add(fault);
    }

    /// <summary>Ends the request where anything was found.</summary>
    /// <exception cref="InvalidInputsException">There are faults: all of them.</exception>
    public void ThrowIfAny()
    {
        if (Count > 0)
            throw new InvalidInputsException(ToList());
    }

    public IReadOnlyList<InputFault> ToList() =>
        _isCut
            ? [.. _faults, new InputFault(InputFaults.Root, "There may be more faults: nothing after these was read.")]
        : Count <= Max ? _faults
        : [.. _faults, new InputFault(InputFaults.Root, $"There are {Count - Max} more faults.")];
}
