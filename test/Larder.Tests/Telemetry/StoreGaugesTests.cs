using Larder.Store;
using Larder.Telemetry;
using Larder.TestKit;

namespace Larder.Tests.Telemetry;

[Collection(AloneTests.Name)]
public sealed class StoreGaugesTests : IDisposable
{
    private readonly Measurements _measured = new();
    private readonly ManualTimeProvider _time = new();
    private int _reads;

    [Fact]
    public void Observe_AllInstrumentsAtOnce_ReadsTheStoreOnceUntilItIsOld()
    {
        using var gauges = new StoreGauges(
            () =>
            {
                _reads++;
                return new StoreStatistics
                {
                    TotalModels = _reads,
                    TotalSizeBytes = 0,
                    Blobs = 0,
                    BytesFetched = 0,
                    Cache = new CacheStatistics { TimeSaved = TimeSpan.FromSeconds(1.5) },
                };
            },
            _time
        );

        _measured.Observe();
        _measured.Observe();
        Assert.Equal((1, 1, 1.5), (_reads, _measured["larder.store.models"], _measured["larder.store.time_saved"]));
        _time.Advance(TimeSpan.FromSeconds(2));
        _measured.Observe();

        Assert.Equal((2, 2), (_reads, _measured["larder.store.models"]));
    }

    [Fact]
    public void Observe_StoreThatCannotBeRead_TellsNothingAndDoesNotFail()
    {
        using var gauges = new StoreGauges(
            () =>
            {
                _reads++;
                throw new StoreException("/store", "It is broken.");
            },
            _time
        );

        _measured.Observe();

        Assert.Equal(1, _reads);
        Assert.False(_measured.Has("larder.store.bytes"));
    }

    public void Dispose() => _measured.Dispose();
}
