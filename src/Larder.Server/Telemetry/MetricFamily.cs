using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Larder.Server.Telemetry;

/// <summary>One metric with all its series. Instruments of one name, of several caches, are one metric: their values are added.</summary>
internal sealed class MetricFamily
{
    /// <summary>More are a fault of who tags: what comes after is added up under one label that says so.</summary>
    internal const int MostSeries = 2000;

    private const string OverflowLabels = "otel_metric_overflow=\"true\"";

    private static readonly LabelComparer Comparer = new();

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries> _series = new(Comparer);

    // By the labels as they are written: the same tags in another order are the same series.
    private readonly ConcurrentDictionary<string, MetricSeries> _written = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<double> _limits;

    public MetricFamily(Instrument instrument)
    {
        Name = PrometheusName.Of(instrument.Name, instrument.Unit);
        Unit = PrometheusName.UnitOf(instrument.Unit);
        Help = PrometheusName.Help(instrument.Description);
        IsObserved = instrument.IsObservable;
        Kind = KindOf(instrument);
        _limits =
            Kind is not MetricKind.Histogram ? []
            : instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { Count: > 0 } limits } ? limits
            : Larder.Telemetry.LarderMeter.Seconds;
    }

    /// <summary>The name, without a counter's <c>_total</c>.</summary>
    public string Name { get; }

    public string? Unit { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    /// <summary>Whether its values are observed when they are asked for.</summary>
    public bool IsObserved { get; }

    /// <summary>The upper limits of the buckets of a histogram.</summary>
    public IReadOnlyList<double> Limits => _limits;

    /// <summary>The series in the order of their labels.</summary>
    public IEnumerable<MetricSeries> Series => _written.Values.OrderBy(series => series.Labels, StringComparer.Ordinal);

    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (
            !_series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>().TryGetValue(tags, out var series)
        )
            series = Add(tags);
        if (Kind is MetricKind.Histogram)
            series.Count(value);
        else
            series.Add(value);
    }

    /// <summary>Forgets what was observed the last time.</summary>
    public void BeginObservation()
    {
        foreach (var series in _written.Values)
            series.Reset();
    }

    private MetricSeries Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_series.Count >= MostSeries)
            return _written.GetOrAdd(OverflowLabels, labels => new MetricSeries(labels, _limits));
        var series = _written.GetOrAdd(PrometheusName.Labels(tags), labels => new MetricSeries(labels, _limits));
        return _series.GetOrAdd(tags.ToArray(), series);
    }

    private static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        if (type == typeof(Counter<>) || type == typeof(ObservableCounter<>))
            return MetricKind.Counter;
        return type == typeof(Histogram<>) ? MetricKind.Histogram : MetricKind.Gauge;
    }
}
