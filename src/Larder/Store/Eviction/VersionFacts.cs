namespace Larder.Store.Eviction;

/// <summary>What a policy may judge a version by.</summary>
/// <param name="AgedUses">Uses, each counting half for every week that has passed since.</param>
/// <param name="Uses">Uses since it came.</param>
/// <param name="LastUse">When it was last used.</param>
/// <param name="TimeToGet">How long it took to get.</param>
/// <param name="FreedBytes">Bytes that its removal gives back now: files that others share do not count.</param>
internal readonly record struct VersionFacts(
    double AgedUses,
    long Uses,
    DateTimeOffset LastUse,
    TimeSpan TimeToGet,
    long FreedBytes
);
