using Larder.Store;
using Larder.TestKit;
using Larder.Tests.Faults;

namespace Larder.Tests.Store.Room;

/// <summary>A store does not hold more than it may, and says so before anything is fetched.</summary>
public sealed class RoomTests
{
    [Fact]
    public async Task PullAsync_OverHighWater_EvictsDownToLowWater()
    {
        using var store = new LimitedStore(options =>
        {
            (options.CapacityBytes, options.HighWater, options.LowWater) = (100_000, 0.9, 0.5);
            options.Policy = "lru";
        });
        foreach (var model in (string[])["a", "b", "c", "d", "e"])
            store.Put(model, 20_000);
        await store.PullAsync("a", "b", "c", "d");
        Assert.Equal(80_000, store.HeldBytes);

        await store.PullAsync("e");

        // 100,000 with the newcomer; three have to go for it to be 50,000 at most.
        Assert.Equal(["d", "e"], store.Models);
        Assert.Equal(40_000, store.HeldBytes);
        Assert.Equal(3, store.Cache.GetStatistics().Cache.Evictions);
        StoreAudit.AssertWhole(store.Root);
    }

    [Fact]
    public async Task PullAsync_UpToHighWater_EvictsNothing()
    {
        using var store = new LimitedStore(options =>
            (options.CapacityBytes, options.HighWater, options.LowWater) = (100_000, 0.9, 0.5)
        );
        await store.Put("a", 45_000).Put("b", 45_000).PullAsync("a", "b");

        Assert.Equal(90_000, store.HeldBytes);
    }

    [Fact]
    public async Task PullAsync_MoreThanTheCapacity_IsRefusedBeforeTheOriginIsAskedForAByte()
    {
        using var store = new LimitedStore(options => options.CapacityBytes = 10_000);
        await store.Put("small", 9000).Put("large", 10_001).PullAsync("small");

        var refused = await Assert.ThrowsAsync<NoRoomException>(() => store.HoldAsync("large"));

        Assert.Equal((false, 10_001L), (refused.CanFitLater, refused.NeededBytes));
        Assert.Contains(
            "10001 bytes are needed, its capacity is 10000 bytes",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(1, store.Origin.Opened);
        Assert.Equal(["small"], store.Models);
    }

    [Fact]
    public async Task PullAsync_TheWholeCapacity_Fits()
    {
        using var store = new LimitedStore(options => options.CapacityBytes = 10_000);
        await store.Put("small", 9000).Put("large", 10_000).PullAsync("small", "large");

        Assert.Equal(["large"], store.Models);
    }

    [Fact]
    public async Task PullAsync_OthersHoldLeases_IsRefusedUntilTheyAreGivenBack()
    {
        using var store = new LimitedStore(options => options.CapacityBytes = 30_000);
        store.Put("held", 20_000).Put("next", 20_000);
        var lease = await store.HoldAsync("held");

        var refused = await Assert.ThrowsAsync<NoRoomException>(() => store.HoldAsync("next"));
        Assert.Equal((true, 20_000L, 10_000L), (refused.CanFitLater, refused.NeededBytes, refused.AvailableBytes));
        Assert.Contains("1 entries are in use or pinned", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, store.Origin.Opened);

        lease.Dispose();
        await store.PullAsync("next");
        Assert.Equal(["next"], store.Models);
    }

    [Fact]
    public async Task PullAsync_OthersArePinned_IsRefusedUntilTheyAreNot()
    {
        using var store = new LimitedStore(options => options.CapacityBytes = 30_000);
        await store.Put("pinned", 20_000).Put("next", 20_000).PullAsync("pinned");
        await store.PinAsync("pinned");
        Assert.True((await Assert.ThrowsAsync<NoRoomException>(() => store.HoldAsync("next"))).CanFitLater);

        store.Cache.Unpin(ModelsOrigin.Reference("pinned"));

        await store.PullAsync("next");
        Assert.Equal(["next"], store.Models);
    }

    [Fact]
    public async Task PullAsync_FilesThatAreThere_TakeNoRoom()
    {
        using var store = new LimitedStore(options => options.CapacityBytes = 30_000);
        var weights = TestBytes.Of(25_000);
        store.Origin.Put("one", ("model.onnx", weights)).Put("two", ("weights.onnx", weights));
        using var one = await store.HoldAsync("one");

        await store.PullAsync("two");

        Assert.Equal(25_000, store.HeldBytes);
    }

    [Fact]
    public async Task PullAsync_SnapshotsAreCopies_TakesRoomForThemToo()
    {
        using var store = new LimitedStore(options =>
            (options.CapacityBytes, options.Materialize) = (30_000, MaterializeMode.Copy)
        );
        store.Put("model", 16_000);

        var refused = await Assert.ThrowsAsync<NoRoomException>(() => store.HoldAsync("model"));

        Assert.Equal((false, 32_000L), (refused.CanFitLater, refused.NeededBytes));
    }

    [Fact]
    public async Task PullAsync_MoreThanTheDiskLeaves_IsRefusedAndSaysWhatIsKeptFree()
    {
        using var store = new LimitedStore(options => options.KeepFreeBytes = 1L << 60);
        store.Put("model", 1000);

        var refused = await Assert.ThrowsAsync<NoRoomException>(() => store.HoldAsync("model"));

        Assert.Contains("store.keep_free at 1152921504606846976", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, store.Origin.Opened);
    }

    [Fact]
    public async Task PullAsync_KeepFree_LeavesSoMuchOfTheDiskToOthers()
    {
        Volume.SkipUnlessAllowed();
        const int mebibyte = 1 << 20;
        using var volume = Volume.InMemory("size=12m");
        using var store = new LimitedStore(options =>
            (options.StorePath, options.KeepFreeBytes) = (Path.Combine(volume.Path, "store"), 6 * mebibyte)
        );
        foreach (var model in (string[])["a", "b", "c", "d", "e", "f", "g", "h"])
        {
            await store.Put(model, mebibyte).PullAsync(model);
            var free = new DriveInfo(volume.Path).AvailableFreeSpace;
            Assert.True(free >= 6 * mebibyte, $"{free} bytes are free after {model}");
        }

        Assert.InRange(store.Models.Count, 3, 5);
    }
}
