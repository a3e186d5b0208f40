namespace Larder.Graphs.Keys;

/// <summary>A configuration cannot be part of a key, or has parameters that its graph does not know.</summary>
public sealed class InvalidConfigurationException : LarderException
{
    /// <summary>Creates the failure from every fault that was found.</summary>
    public InvalidConfigurationException(string graph, IReadOnlyList<ConfigurationFault> faults)
        : this(graph, faults, innerException: null) { }

    internal InvalidConfigurationException(
        string graph,
        IReadOnlyList<ConfigurationFault> faults,
        Exception? innerException
    )
        : base(Describe(graph, faults), innerException)
    {
        Graph = graph;
        Faults = faults;
    }

    /// <summary>The name of the kind of graph.</summary>
    public string Graph { get; }

    /// <summary>The faults, in the order of the configuration; one at least.</summary>
    public IReadOnlyList<ConfigurationFault> Faults { get; }

    private static string Describe(string graph, IReadOnlyList<ConfigurationFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var sentences = faults.Select(fault => $"{fault.Path}: {fault.Message}");
        return $"The configuration of graph '{graph}' is refused. {string.Join(' ', sentences)}";
    }
}
