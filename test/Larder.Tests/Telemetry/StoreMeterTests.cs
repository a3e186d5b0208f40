using Larder.Store;
using Larder.Tests.Store;

namespace Larder.Tests.Telemetry;

[Collection(AloneTests.Name)]
public sealed class StoreMeterTests : IDisposable
{
    private readonly Measurements _measured = new();

    [Fact]
    public async Task Evictions_ForRoomAndAsAsked_AreCountedByReason()
    {
        using var store = new LimitedStore(options =>
        {
            (options.CapacityBytes, options.HighWater, options.LowWater) = (100_000, 0.9, 0.5);
            options.Policy = "lru";
        });
        await store.Put("a", 40_000).Put("b", 40_000).Put("c", 40_000).PullAsync("a", "b", "c");
        await store.Cache.EvictAsync(
            new EvictOptions { ToBytes = 0, DryRun = true },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(2, _measured["larder.store.evictions reason=room"]);
        Assert.Equal(0, _measured["larder.store.evictions reason=asked"]);
        await store.Cache.EvictAsync(new EvictOptions { ToBytes = 0 }, TestContext.Current.CancellationToken);

        Assert.Equal(1, _measured["larder.store.evictions reason=asked"]);
        _measured.Observe();
        Assert.Equal(100_000, _measured["larder.store.capacity"]);
        Assert.Equal(0, _measured["larder.store.bytes"]);
    }

    [Fact]
    public async Task NoRoom_NeverAndNow_AreCountedApart()
    {
        using var store = new LimitedStore(options => options.CapacityBytes = 10_000);
        store.Put("small", 9000).Put("large", 10_001).Put("next", 5000);

        await Assert.ThrowsAsync<NoRoomException>(() => store.HoldAsync("large"));
        using var held = await store.HoldAsync("small");
        await Assert.ThrowsAsync<NoRoomException>(() => store.HoldAsync("next"));

        Assert.Equal(1, _measured["larder.store.failures failure=never_room"]);
        Assert.Equal(1, _measured["larder.store.failures failure=no_room"]);
        Assert.Equal(2, _measured["larder.pulls.answered outcome=failed"]);
    }

    public void Dispose() => _measured.Dispose();
}
