namespace Larder.Server.Dashboard.Traffic;

/// <summary>What was answered from one moment to the next.</summary>
/// <param name="Start">The first moment.</param>
/// <param name="Counts">The requests.</param>
/// <param name="IsKnown">Whether the server ran then.</param>
internal readonly record struct TrafficBucket(DateTimeOffset Start, CacheCounts Counts, bool IsKnown);
