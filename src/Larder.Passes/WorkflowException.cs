namespace Larder.Passes;

/// <summary>A workflow makes no sense; all that is wrong with it is told together.</summary>
public sealed class WorkflowException : LarderException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="faults">What is wrong; at least one.</param>
    public WorkflowException(IReadOnlyList<WorkflowFault> faults)
        : base(Describe(faults)) => Faults = faults;

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<WorkflowFault> Faults { get; }

    private static string Describe(IReadOnlyList<WorkflowFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        return string.Join('\n', faults.Select(fault => $"{fault.Path}: {fault.Message}"));
    }
}
