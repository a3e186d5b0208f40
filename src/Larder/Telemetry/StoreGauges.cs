using System.Diagnostics.Metrics;

namespace Larder.Telemetry;

/// <summary>What one store holds and has saved, observed when somebody asks.</summary>
internal sealed class StoreGauges : IDisposable
{
    // All instruments are read at once, and the first of them reads files of the store for all.
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    private readonly Meter _meter = LarderMeter.New();
    private readonly Func<StoreStatistics> _read;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _lock = new();
    private StoreStatistics? _statistics;
    private long? _readAt;

    /// <summary>Makes the instruments; they end when this is disposed.</summary>
    /// <param name="read">Reads the statistics; when it fails, nothing is observed.</param>
    /// <param name="timeProvider">The clock.</param>
    public StoreGauges(Func<StoreStatistics> read, TimeProvider timeProvider)
    {
        (_read, _timeProvider) = (read, timeProvider);
        Gauge("larder.store.bytes", "By", "Bytes that the store holds", store => store.Cache.Bytes);
        Gauge("larder.store.capacity", "By", "Bytes that the store may hold, where that is limited", Capacity);
        Gauge("larder.store.partial", "By", "Bytes that transfers which broke off have left", s => s.PartialBytes);
        Gauge("larder.store.entries", "{entry}", "Entries of the store", store => store.Cache.Entries);
        Gauge("larder.store.models", "{model}", "Models in the store", store => store.TotalModels);
        Gauge("larder.store.blobs", "{blob}", "Distinct files in the store", store => store.Blobs);
        Counter("larder.store.hits", "{pull}", "Uses of the store that its files answered", s => s.Cache.Hits);
        Counter("larder.store.misses", "{pull}", "Uses of the store that an origin answered", s => s.Cache.Misses);
        Counter("larder.store.fetched", "By", "Bytes that came from origins", store => store.BytesFetched);
        Counter("larder.store.saved", "By", "Bytes that did not have to come again", store => store.Cache.BytesSaved);
        _meter.CreateObservableCounter(
            "larder.store.time_saved",
            () => Observe(store => (double?)store.Cache.TimeSaved.TotalSeconds),
            "s",
            "Time that transfers would have taken in place of hits"
        );
    }

    public void Dispose() => _meter.Dispose();

    private static long? Capacity(StoreStatistics store) => store.CapacityBytes;

    private void Gauge(string name, string unit, string description, Func<StoreStatistics, long?> value) =>
        _meter.CreateObservableUpDownCounter(name, () => Observe(value), unit, description);

    // These are counted by all processes that use the store, since it was made.
    private void Counter(string name, string unit, string description, Func<StoreStatistics, long?> value) =>
        _meter.CreateObservableCounter(name, () => Observe(value), unit, description);

    private Measurement<T>[] Observe<T>(Func<StoreStatistics, T?> value)
        where T : struct => Read() is { } store && value(store) is { } now ? [new Measurement<T>(now)] : [];

    private StoreStatistics? Read()
    {
        lock (_lock)
        {
            if (_readAt is { } at && _timeProvider.GetElapsedTime(at) < FreshFor)
                return _statistics;
        }
        StoreStatistics? read;
        try
        {
            read = _read();
        }
        catch (Exception failure) when (failure is LarderException or ObjectDisposedException)
        {
            // A store that cannot be read has nothing to tell; who uses it is told why.
            read = null;
        }
        lock (_lock)
            (_statistics, _readAt) = (read, _timeProvider.GetTimestamp());
        return read;
    }
}
