using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Larder.Tests.Telemetry;

/// <summary>What Larder's instruments measured since this was made.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = new(StringComparer.Ordinal);

    public Measurements()
    {
        var isStarted = false;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // What observes the caches of tests before has nothing to tell here.
            if (instrument.Meter.Name == "Larder" && (isStarted || !instrument.IsObservable))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
        isStarted = true;
    }

    /// <summary>The sum of an instrument's values, such as <c>larder.pulls.answered outcome=hit</c>; 0 where there was none.</summary>
    public double this[string name] => _sums.GetValueOrDefault(name);

    public bool Has(string name) => _sums.ContainsKey(name);

    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name + string.Concat(tags.ToArray().Select(tag => $" {tag.Key}={tag.Value}"));
        _sums.AddOrUpdate(name, value, (_, sum) => instrument.IsObservable ? value : sum + value);
    }
}
