using Larder.TestKit;

namespace Larder.Tests.Store.Eviction;

/// <summary>What goes first.</summary>
public sealed class EvictionOrderTests
{
    private const int Size = 1000;

    [Fact]
    public async Task EvictAsync_Lru_LastUsedStaysLongest()
    {
        using var store = new LimitedStore(options => options.Policy = "lru");
        await store.Put("a", Size).Put("b", Size).Put("c", Size).PullAsync("a", "b", "c", "a");

        Assert.Equal(["b", "c", "a"], await store.EvictAllAsync());
    }

    [Fact]
    public async Task EvictAsync_Lfu_MostUsedStaysLongest()
    {
        using var store = new LimitedStore(options => options.Policy = "lfu");
        await store.Put("a", Size).Put("b", Size).Put("c", Size).PullAsync("b", "b", "b", "c", "c", "a");

        Assert.Equal(["a", "c", "b"], await store.EvictAllAsync());
    }

    [Fact]
    public async Task EvictAsync_Cost_LeastSecondsSavedForEachByteGoesFirst()
    {
        var time = new ManualTimeProvider();
        using var store = new LimitedStore(options => options.Policy = "cost", time);
        store.Origin.Opening = model => time.Advance(TimeSpan.FromSeconds(model == "slow" ? 10 : 1));
        store.Put("big", 10 * Size).Put("once", Size).Put("five", Size).Put("slow", Size);
        await store.PullAsync("slow", "five", "five", "five", "five", "five", "once", "big");

        Assert.Equal(["big", "once", "five", "slow"], await store.EvictAllAsync());
    }

    [Fact]
    public async Task EvictAsync_EarlierVersion_GoesBeforeAnyModel()
    {
        using var store = new LimitedStore(options => options.Policy = "lru");
        await store.Put("old", Size).Put("model", 2 * Size).PullAsync("old", "model");
        store.Origin.Put("model", ("model.onnx", TestBytes.Of(3 * Size)));
        await store.RefreshAsync("model");

        var result = await store.EvictOneAsync();

        Assert.Equal((0, 2 * Size), (result.Removed.Count, result.FreedBytes));
        Assert.Equal(["model", "old"], store.Models);
        StoreAudit.AssertWhole(store.Root);
    }

    [Fact]
    public async Task EvictAsync_FilesThatOthersShare_FreeNothingAndGoLast()
    {
        using var store = new LimitedStore(options => options.Policy = "lru");
        await SharingAsync(store);
        await store.Put("own", Size).PullAsync("own");

        var result = await store.EvictOneAsync();

        Assert.Equal(["own"], LimitedStore.NamesOf(result.Removed));
        Assert.Equal(Size, result.FreedBytes);
    }

    [Fact]
    public async Task EvictAsync_LastOneWithSharedFiles_FreesThemAll()
    {
        using var store = new LimitedStore(options => options.Policy = "lru");
        await SharingAsync(store);
        Assert.Equal(5 * Size, store.HeldBytes);

        var cleared = await store.Cache.ClearAsync(
            ModelsOrigin.Reference("one"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal((1, 0), (cleared.RemovedEntries, cleared.FreedBytes));
        var result = await store.EvictOneAsync();

        Assert.Equal(["two"], LimitedStore.NamesOf(result.Removed));
        Assert.Equal(5 * Size, result.FreedBytes);
        StoreAudit.AssertEmpty(store.Root);
    }

    [Fact]
    public async Task EvictAsync_BothThatShareAreDue_CountsTheirFileOnce()
    {
        using var store = new LimitedStore();
        await SharingAsync(store);

        var result = await store.EvictAsync(new EvictOptions { ToBytes = 0 });

        Assert.Equal((2, 5 * Size, 0), (result.Removed.Count, result.FreedBytes, result.HeldBytes));
    }

    // The same bytes under other names: two versions of which each has nothing of its own.
    private static Task SharingAsync(LimitedStore store)
    {
        var weights = TestBytes.Of(5 * Size);
        store.Origin.Put("one", ("model.onnx", weights)).Put("two", ("weights.onnx", weights));
        return store.PullAsync("one", "two");
    }
}
