using System.Diagnostics.Metrics;
using Larder.Graphs.Budgets;
using Larder.Telemetry;
using Microsoft.Extensions.Logging;

namespace Larder.Graphs;

/// <summary>The instruments of one cache, on the meter named <c>Larder</c>.</summary>
/// <remarks>What the cache counts anyway is observed when somebody asks: a hit does nothing for it.</remarks>
internal sealed class GraphMeter : IDisposable
{
    private readonly Meter _meter = LarderMeter.New();
    private readonly Histogram<double> _loadTime;
    private readonly Histogram<double> _waitTime;
    private readonly Histogram<double> _age;
    private readonly ILogger _logger;

    public GraphMeter(GraphCache cache, ILogger logger)
    {
        _logger = logger;
        Observe("larder.graphs.hits", "{hit}", "Graphs that were loaded when they were asked for", s => s.Cache.Hits);
        Observe("larder.graphs.misses", "{miss}", "Graphs that had to be waited for", s => s.Cache.Misses);
        Observe("larder.graphs.failures", "{failure}", "Loads, disposals and waits that failed", s => s.Cache.Failures);
        Observe(
            "larder.graphs.failures_remembered",
            "{call}",
            "Calls refused because a load had failed a short time before",
            s => s.FailuresRemembered
        );
        Observe("larder.graphs.waits", "{call}", "Calls that waited for room", s => s.Waits);
        Observe("larder.graphs.turn_waits", "{call}", "Calls that waited for a graph in use", s => s.TurnWaits);
        _meter.CreateObservableCounter(
            "larder.graphs.time_saved",
            () => cache.GetStatistics().Cache.TimeSaved.TotalSeconds,
            "s",
            "Time that loads would have taken in place of hits"
        );
        _meter.CreateObservableUpDownCounter(
            "larder.graphs.loaded",
            () => cache.GetStatistics().Cache.Entries,
            "{graph}",
            "Graphs in memory"
        );
        _meter.CreateObservableUpDownCounter(
            "larder.graphs.bytes",
            () => cache.GetStatistics().Devices.SelectMany(Bytes),
            "By",
            "Bytes that count against the limits, by device and state"
        );
        _loadTime = LarderMeter.SecondsHistogram(
            _meter,
            "larder.graphs.load.duration",
            "Time that loads took",
            LarderMeter.Seconds
        );
        _waitTime = LarderMeter.SecondsHistogram(
            _meter,
            "larder.graphs.wait.duration",
            "Time that calls waited for room",
            LarderMeter.Seconds
        );
        _age = LarderMeter.SecondsHistogram(
            _meter,
            "larder.graphs.eviction.age",
            "Time from the load of a graph to its eviction, by reason",
            LarderMeter.LongSeconds
        );

        void Observe(string name, string unit, string description, Func<GraphStatistics, long> read) =>
            _meter.CreateObservableCounter(name, () => read(cache.GetStatistics()), unit, description);
    }

    public void Loaded(TimeSpan duration) => Record(_loadTime, duration);

    public void Waited(TimeSpan duration) => Record(_waitTime, duration);

    public void Evicted(EvictionReason reason, TimeSpan age) =>
        Record(_age, age, LarderMeter.Tag("reason", TagValue.Of(reason)));

    public void Dispose() => _meter.Dispose();

    // Listeners are code of others, and run here.
    private void Record(
        Histogram<double> histogram,
        TimeSpan time,
        params ReadOnlySpan<KeyValuePair<string, object?>> tags
    )
    {
        try
        {
            histogram.Record(time.TotalSeconds, tags);
        }
        catch (Exception exception)
        {
            Log.MeterFailed(_logger, exception, histogram.Name);
        }
    }

    private static IEnumerable<Measurement<long>> Bytes(DeviceStatistics device) =>
        [
            Bytes(device, Phase.Used, device.UsedBytes),
            Bytes(device, Phase.Reserved, device.ReservedBytes),
            Bytes(device, Phase.Draining, device.DrainingBytes),
            Bytes(device, Phase.Lost, device.LostBytes),
        ];

    private static Measurement<long> Bytes(DeviceStatistics device, Phase phase, long bytes) =>
        new(bytes, new("device", device.Device), new("state", phase.ToString().ToLowerInvariant()));
}
