namespace Larder.Graphs;

/// <summary>How much of a device graphs may take; null leaves it without a limit.</summary>
public sealed record DeviceBudget
{
    /// <summary>The bytes of graphs on the device at once, those being loaded or disposed included; more than 0.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>The number of graphs that lie on the device at once, likewise; more than 0.</summary>
    public int? MaxGraphs { get; init; }
}
