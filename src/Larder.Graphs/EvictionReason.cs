namespace Larder.Graphs;

/// <summary>Why a graph was taken out of a cache.</summary>
public enum EvictionReason
{
    /// <summary>Another needed its room.</summary>
    Room,

    /// <summary>The cache was above its limits: one was lowered, or a graph proved larger than estimated.</summary>
    Limit,

    /// <summary>Nobody had used it for a long time.</summary>
    Idle,

    /// <summary>Memory was short.</summary>
    MemoryPressure,

    /// <summary>Somebody asked for its removal.</summary>
    Removed,

    /// <summary>The cache was disposed.</summary>
    Closed,

    /// <summary>Nobody waited for it any more when it had been loaded, or it was too large to stay.</summary>
    Unwanted,
}
