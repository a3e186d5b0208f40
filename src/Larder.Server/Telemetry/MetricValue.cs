namespace Larder.Server.Telemetry;

/// <summary>What a series has come to.</summary>
/// <param name="Sum">The number, or the sum of a histogram's values.</param>
/// <param name="Buckets">How many values fell into each bucket of a histogram, and above the last limit.</param>
internal sealed record MetricValue(double Sum, IReadOnlyList<long> Buckets);
