namespace Larder.Graphs;

/// <summary>How a caller uses a graph.</summary>
public enum GraphUse
{
    /// <summary>Together with any number of others who use it in this way.</summary>
    Shared,

    /// <summary>Alone: for runtimes that may not run one session twice at once, and for who changes the graph.</summary>
    /// <remarks>Among leases of the graph itself; graphs that it is a part of may be in use meanwhile.</remarks>
    Exclusive,
}
