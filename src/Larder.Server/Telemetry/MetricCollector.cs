using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Larder.Telemetry;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Telemetry;

/// <summary>Listens to Larder's instruments, and a few of the platform's, for as long as the server runs, and adds up what they say.</summary>
internal sealed class MetricCollector : IDisposable
{
    /// <summary>What operators ask of the process and of HTTP. The rest of the platform's instruments would only make scrapes long.</summary>
    internal static readonly FrozenSet<string> OfPlatform = FrozenSet.Create(
        StringComparer.Ordinal,
        "http.server.request.duration",
        "http.server.active_requests",
        "kestrel.active_connections",
        "dotnet.process.cpu.time",
        "dotnet.process.memory.working_set",
        "dotnet.gc.heap.total_allocated",
        "dotnet.gc.pause.time",
        "dotnet.thread_pool.queue.length"
    );

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _observing = new();
    private readonly ILogger _logger;

    public MetricCollector(ILogger<MetricCollector> logger)
    {
        _logger = logger;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsWanted(instrument) && FamilyOf(instrument) is { } family)
                listener.EnableMeasurementEvents(instrument, family);
        };
        Listen<long>(value => value);
        Listen<int>(value => value);
        Listen<double>(value => value);
        _listener.Start();

        void Listen<T>(Func<T, double> toDouble)
            where T : struct =>
            _listener.SetMeasurementEventCallback<T>(
                (_, value, tags, family) => ((MetricFamily)family!).Measure(toDouble(value), tags)
            );
    }

    /// <summary>All metrics as they are now, by name.</summary>
    public IReadOnlyList<(MetricFamily Family, IReadOnlyList<(string Labels, MetricValue Value)> Series)> Collect()
    {
        // One at a time: an observation begins by forgetting the last one.
        lock (_observing)
        {
            foreach (var family in _families.Values.Where(family => family.IsObserved))
                family.BeginObservation();
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException failure)
            {
                // Those that did not fail have been observed.
                _logger.NotObserved(failure);
            }
            return
            [
                .. _families
                    .Values.OrderBy(family => family.Name, StringComparer.Ordinal)
                    .Select(family =>
                        (
                            family,
                            (IReadOnlyList<(string, MetricValue)>)
                                [
                                    .. family
                                        .Series.Select(series => (series.Labels, Value: series.Read()))
                                        .Where(series => series.Value is not null)
                                        .Select(series => (series.Labels, series.Value!)),
                                ]
                        )
                    )
                    .Where(metric => metric.Item2.Count > 0),
            ];
        }
    }

    public void Dispose() => _listener.Dispose();

    private static bool IsWanted(Instrument instrument) =>
        instrument.Meter.Name == LarderTelemetry.MeterName || OfPlatform.Contains(instrument.Name);

    private MetricFamily? FamilyOf(Instrument instrument)
    {
        var family = new MetricFamily(instrument);
        var there = _families.GetOrAdd(family.Name, family);
        if (there.Kind == family.Kind && there.IsObserved == family.IsObserved)
            return there;
        // They would make nonsense of each other. Not a failure: whoever makes an instrument would meet it.
        _logger.NotExported(instrument.Name, family.Name);
        return null;
    }
}
