namespace Larder.Store.Usage;

/// <summary>The sums of a store's usage logs.</summary>
internal sealed record UsageTotals
{
    public long Hits { get; init; }

    public long Misses { get; init; }

    public long BytesFetched { get; init; }

    public long BytesSaved { get; init; }

    public TimeSpan TimeSaved { get; init; }

    public long Evictions { get; init; }

    public long Failures { get; init; }

    public UsageTotals Add(UsageRecord record) =>
        new()
        {
            Hits = Hits + (record is { Key: not null, Hit: true } ? 1 : 0),
            Misses = Misses + (record is { Key: not null, Hit: false } ? 1 : 0),
            BytesFetched = BytesFetched + record.BytesFetched,
            BytesSaved = BytesSaved + record.BytesSaved,
            TimeSaved = TimeSaved + record.TimeSaved,
            Evictions = Evictions + record.Evictions,
            Failures = Failures + record.Failures,
        };
}
