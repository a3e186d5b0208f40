using Larder.Telemetry;

namespace Larder.Graphs;

/// <summary>What a cache of graphs has done since it was made, and what it holds now.</summary>
public sealed record GraphStatistics
{
    /// <summary>The counts that all caches have. Bytes are those of loaded graphs on all devices.</summary>
    public required CacheStatistics Cache { get; init; }

    /// <summary>Loads that succeeded.</summary>
    public long Loads { get; init; }

    /// <summary>The time that they took together.</summary>
    public TimeSpan LoadTime { get; init; }

    /// <summary>Calls that had to wait for room, be it only for the disposal of what made place.</summary>
    public long Waits { get; init; }

    /// <summary>The time that those of them took together that have ended.</summary>
    public TimeSpan WaitTime { get; init; }

    /// <summary>Calls that had to wait for their turn at a graph in use.</summary>
    public long TurnWaits { get; init; }

    /// <summary>Calls that wait for room now.</summary>
    public int Waiting { get; init; }

    /// <summary>Calls that were refused because a load had failed a short time before.</summary>
    public long FailuresRemembered { get; init; }

    /// <summary>The mean time from the load of a graph to its eviction, of all that were evicted to make room or for want of use.</summary>
    public TimeSpan AgeAtEviction { get; init; }

    /// <summary>Loads under way, those included that nobody waits for any more.</summary>
    public int Loading { get; init; }

    /// <summary>Loads that are past their deadline and have not ended; they count until they do.</summary>
    public int LateLoads { get; init; }

    /// <summary>Disposals that did not end in time and have not ended since.</summary>
    public int LateDisposals { get; init; }

    /// <summary>Whether graphs are being given back because memory is short.</summary>
    public bool IsUnderMemoryPressure { get; init; }

    /// <summary>What lies on each device.</summary>
    public required IReadOnlyList<DeviceStatistics> Devices { get; init; }
}
