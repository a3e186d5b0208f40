namespace Larder.Graphs;

/// <summary>What happened to a graph.</summary>
public enum GraphEventKind
{
    /// <summary>It was loaded.</summary>
    Loaded,

    /// <summary>Its load failed, was cancelled, or took too long.</summary>
    LoadFailed,

    /// <summary>It was taken out of the cache, and its disposal begins.</summary>
    Evicted,

    /// <summary>Its disposal has ended.</summary>
    Disposed,

    /// <summary>Its disposal failed; it may still hold memory.</summary>
    DisposalFailed,

    /// <summary>Its disposal did not end in time; its memory is shown as lost until it does.</summary>
    DisposalLate,
}
