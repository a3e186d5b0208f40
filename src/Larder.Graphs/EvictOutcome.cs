namespace Larder.Graphs;

/// <summary>What became of the wish to remove one graph.</summary>
public enum EvictOutcome
{
    /// <summary>The cache has no graph of that key.</summary>
    NotFound,

    /// <summary>The graph is leased or being loaded, and stays.</summary>
    InUse,

    /// <summary>The graph was removed, and its disposal has ended.</summary>
    Removed,
}
