namespace Larder.Graphs;

/// <summary>How far a call is.</summary>
internal enum RentStage
{
    /// <summary>It has nothing, and is in no queue.</summary>
    New,

    /// <summary>In the queue for room; holds nothing.</summary>
    Queued,

    /// <summary>Holds all its slots, loaded or being loaded.</summary>
    Boarded,

    /// <summary>Holds all its slots, all loaded, and is in the queue for its turn.</summary>
    InTurn,

    /// <summary>Has its leases, and holds nothing else.</summary>
    Served,

    /// <summary>Has left, or was sent away; holds nothing.</summary>
    Ended,
}
