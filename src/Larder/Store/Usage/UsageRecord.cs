using Larder.Content;

namespace Larder.Store.Usage;

/// <summary>One line of a usage log.</summary>
internal sealed record UsageRecord
{
    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The key of the entry that was used; null when the line tells of removals or failures.</summary>
    public Digest? Key { get; init; }

    /// <summary>Whether no byte came from the origin.</summary>
    public bool Hit { get; init; }

    /// <summary>Bytes that came from the origin.</summary>
    public long BytesFetched { get; init; }

    /// <summary>Bytes that need not come again.</summary>
    public long BytesSaved { get; init; }

    /// <summary>What getting the entry had taken the first time, where that was saved.</summary>
    public TimeSpan TimeSaved { get; init; }

    /// <summary>Entries that were removed to make room.</summary>
    public long Evictions { get; init; }

    /// <summary>Pulls that failed.</summary>
    public long Failures { get; init; }
}
