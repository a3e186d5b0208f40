using Larder.Onnx;

namespace Larder.Server.Inference;

/// <summary>What is wrong with one request, up to as much as a person would read.</summary>
internal sealed class InferenceFaults
{
    private const int Max = 50;
    private readonly List<InputFault> _faults = [];

    public bool Any => _faults.Count > 0;

    public void Add(string path, string message)
    {
        if (_faults.Count < Max)
            _faults.Add(new InputFault(path, message));
    }

    public void AddRange(IEnumerable<InputFault> faults)
    {
        foreach (var fault in faults)
            Add(fault.Path, fault.Message);
    }

    /// <summary>Ends the request where anything was found.</summary>
    /// <exception cref="InvalidInputsException">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (Any)
            throw new InvalidInputsException(_faults);
    }
}
