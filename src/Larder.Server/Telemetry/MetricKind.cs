namespace Larder.Server.Telemetry;

/// <summary>What a metric is to who reads it.</summary>
internal enum MetricKind
{
    /// <summary>A number that only grows.</summary>
    Counter,

    /// <summary>A number that goes up and down.</summary>
    Gauge,

    /// <summary>Counts of values in buckets.</summary>
    Histogram,
}
