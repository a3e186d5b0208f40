namespace Larder.Graphs;

/// <summary>What a cache knows of one graph at one moment.</summary>
public sealed record GraphStanding
{
    /// <summary>Whether it is being loaded.</summary>
    public required bool IsLoading { get; init; }

    /// <summary>How it lies in memory; null when it is not loaded.</summary>
    public required GraphStatus? Loaded { get; init; }

    /// <summary>What a request would be refused with, because the last load failed a short time ago; null when it would be tried.</summary>
    public required GraphLoadException? Failure { get; init; }

    /// <summary>The seconds that it saves for each byte, by the use that the cache remembers; 0 where it remembers none.</summary>
    public required double Worth { get; init; }
}
