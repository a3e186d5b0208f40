namespace Larder.Diffusion;

/// <summary>A graph, what it is to run on, or a schedule makes no sense; all that is wrong is told together.</summary>
public sealed class DiffusionException : LarderException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="what">What could not be done, such as "The graph 'distilled_fast' cannot be built".</param>
    /// <param name="faults">What is wrong; at least one.</param>
    public DiffusionException(string what, IReadOnlyList<DiffusionFault> faults)
        : base(Describe(what, faults)) => Faults = faults;

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<DiffusionFault> Faults { get; }

    private static string Describe(string what, IReadOnlyList<DiffusionFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        return $"{what}:\n{string.Join('\n', faults.Select(fault => $"{fault.Subject}: {fault.Message}"))}";
    }
}
