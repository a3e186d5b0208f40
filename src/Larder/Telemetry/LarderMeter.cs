using System.Diagnostics.Metrics;

namespace Larder.Telemetry;

/// <summary>The one meter, named Larder: every instrument that is not about one cache alone is made here.</summary>
internal static class LarderMeter
{
    /// <summary>Limits of the buckets of what may take from microseconds to minutes: loads, runs, waits.</summary>
    public static readonly IReadOnlyList<double> Seconds =
    [
        0.0001,
        0.00025,
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        30,
        60,
    ];

    /// <summary>Limits of the buckets of what may take hours: pulls, passes, the life of a graph.</summary>
    public static readonly IReadOnlyList<double> LongSeconds =
    [
        0.001,
        0.01,
        0.1,
        0.5,
        1,
        5,
        10,
        30,
        60,
        300,
        900,
        3600,
        14400,
        86400,
    ];

    private static readonly Meter Meter = New();

    /// <summary>A meter of this name of one's own: for instruments that end with what they are about.</summary>
    public static Meter New() => new(LarderTelemetry.MeterName, LarderTelemetry.Version);

    public static Counter<long> Counter(string name, string unit, string description) =>
        Meter.CreateCounter<long>(name, unit, description);

    public static Counter<double> SecondsCounter(string name, string description) =>
        Meter.CreateCounter<double>(name, "s", description);

    public static UpDownCounter<long> UpDownCounter(string name, string unit, string description) =>
        Meter.CreateUpDownCounter<long>(name, unit, description);

    public static Histogram<double> SecondsHistogram(string name, string description, IReadOnlyList<double> limits) =>
        SecondsHistogram(Meter, name, description, limits);

    public static Histogram<double> SecondsHistogram(
        Meter meter,
        string name,
        string description,
        IReadOnlyList<double> limits
    ) =>
        meter.CreateHistogram(
            name,
            "s",
            description,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = limits }
        );

    public static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
