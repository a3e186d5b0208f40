namespace Larder.Onnx;

/// <summary>The inputs do not fit the model: before the run, or because an operator refuses what it is given.</summary>
/// <remarks>The message may be sent to remote callers. Where an operator refused, the inner exception says which, with paths of this machine.</remarks>
public sealed class InvalidInputsException : LarderException
{
    /// <summary>Creates the failure from every fault that was found.</summary>
    public InvalidInputsException(IReadOnlyList<InputFault> faults, Exception? innerException = null)
        : base(Describe(faults), innerException) => Faults = faults;

    /// <summary>The faults, in the order of the inputs.</summary>
    public IReadOnlyList<InputFault> Faults { get; }

    private static string Describe(IReadOnlyList<InputFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var sentences = faults.Select(fault => $"{fault.Path}: {fault.Message}");
        return $"The inputs do not fit the model. {string.Join(' ', sentences)}";
    }
}
