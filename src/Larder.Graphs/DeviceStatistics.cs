namespace Larder.Graphs;

/// <summary>What graphs take of one device at one moment.</summary>
/// <remarks>All four amounts count against the limit.</remarks>
public sealed record DeviceStatistics
{
    /// <summary>The name of the device.</summary>
    public required string Device { get; init; }

    /// <summary>Graphs that lie there, those being loaded or disposed included.</summary>
    public int Graphs { get; init; }

    /// <summary>How many may; null where there is no limit.</summary>
    public int? MaxGraphs { get; init; }

    /// <summary>How many bytes they may take together; null where there is no limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Bytes of loaded graphs.</summary>
    public long UsedBytes { get; init; }

    /// <summary>Bytes that were set aside for loads under way.</summary>
    public long ReservedBytes { get; init; }

    /// <summary>Bytes of graphs that are being disposed.</summary>
    public long DrainingBytes { get; init; }

    /// <summary>Bytes of graphs whose disposal did not end in time.</summary>
    public long LostBytes { get; init; }
}
