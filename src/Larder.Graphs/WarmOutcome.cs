namespace Larder.Graphs;

/// <summary>What became of the wish to load a graph before anybody needs it.</summary>
public enum WarmOutcome
{
    /// <summary>It was loaded.</summary>
    Loaded,

    /// <summary>It was there, or being loaded for somebody else.</summary>
    AlreadyThere,

    /// <summary>Another graph would have had to make place, or a caller waits for room.</summary>
    NoRoom,

    /// <summary>Its load failed, or had failed a short time before.</summary>
    Failed,
}
