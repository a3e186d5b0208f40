namespace Larder.Onnx;

/// <summary>The inputs do not fit the model. Nothing was run.</summary>
public sealed class InvalidInputsException : LarderException
{
    /// <summary>Creates the failure from every fault that was found.</summary>
    public InvalidInputsException(IReadOnlyList<InputFault> faults)
        : base(Describe(faults)) => Faults = faults;

    /// <summary>The faults, in the order of the inputs.</summary>
    public IReadOnlyList<InputFault> Faults { get; }

    private static string Describe(IReadOnlyList<InputFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var sentences = faults.Select(fault => $"{fault.Path}: {fault.Message}");
        return $"The inputs do not fit the model. {string.Join(' ', sentences)}";
    }
}
