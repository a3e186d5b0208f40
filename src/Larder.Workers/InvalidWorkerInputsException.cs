namespace Larder.Workers;

/// <summary>The inputs do not fit the model, as its worker or the protocol says.</summary>
public sealed class InvalidWorkerInputsException : LarderException
{
    /// <summary>Creates the failure from every fault that was found.</summary>
    public InvalidWorkerInputsException(IReadOnlyList<WorkerInputFault> faults)
        : base(Describe(faults)) => Faults = faults;

    /// <summary>The faults, in the order in which they were told.</summary>
    public IReadOnlyList<WorkerInputFault> Faults { get; }

    private static string Describe(IReadOnlyList<WorkerInputFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var sentences = faults.Select(fault => $"{fault.Path}: {fault.Message}");
        return $"The inputs do not fit the model. {string.Join(' ', sentences)}";
    }
}
