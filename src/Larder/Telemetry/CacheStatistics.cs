namespace Larder.Telemetry;

/// <summary>What a cache has done since it was made, in the one shape that all four caches share.</summary>
/// <remarks>A number that a cache cannot know is zero.</remarks>
public sealed record CacheStatistics
{
    /// <summary>Requests answered by what was there when they came.</summary>
    public long Hits { get; init; }

    /// <summary>Requests that had to wait for the work, done for them or for another that came just before.</summary>
    public long Misses { get; init; }

    /// <summary>Things held now.</summary>
    public long Entries { get; init; }

    /// <summary>Bytes held now.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes that hits did not have to fetch or make.</summary>
    public long BytesSaved { get; init; }

    /// <summary>Time that hits would have taken, had the work been done again.</summary>
    public TimeSpan TimeSaved { get; init; }

    /// <summary>Things removed to make room.</summary>
    public long Evictions { get; init; }

    /// <summary>Things that went wrong in the cache: work that failed, room that could not be made.</summary>
    public long Failures { get; init; }
}
