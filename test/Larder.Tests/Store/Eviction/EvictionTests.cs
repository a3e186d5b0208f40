using Larder.Pull;
using Larder.Store;
using Larder.Store.Scrub;
using Larder.TestKit;

namespace Larder.Tests.Store.Eviction;

/// <summary>How much goes, and what stays whatever it is worth.</summary>
public sealed class EvictionTests
{
    private const int Size = 1000;

    private static readonly EvictOptions Everything = new() { ToBytes = 0 };

    [Theory]
    [InlineData(MaterializeMode.Hardlink)]
    [InlineData(MaterializeMode.Copy)]
    public async Task EvictAsync_DryRun_SaysWhatAnEvictionThenDoesAndTouchesNothing(MaterializeMode mode)
    {
        using var store = new LimitedStore(options => options.Materialize = mode);
        var shared = ("shared", TestBytes.Of(300));
        foreach (var model in (string[])["a", "b", "c", "d"])
            store.Origin.Put(model, ("model.onnx", TestBytes.Of(Size, model[0])), shared);
        await store.PullAsync("a", "b", "c", "d");
        await store.PinAsync("b");
        var options = new EvictOptions { ToBytes = store.HeldBytes / 2 };

        var preview = await store.EvictAsync(options with { DryRun = true });
        Assert.Equal(["a", "b", "c", "d"], store.Models);
        var result = await store.EvictAsync(options);

        AssertSame(preview, result);
        Assert.Equal(store.HeldBytes, result.HeldBytes);
        StoreAudit.AssertWhole(store.Root);
    }

    /// <summary>A version whose files others share too takes room where its snapshot is a copy.</summary>
    [Fact]
    public async Task EvictAsync_CopiesOfSharedFiles_AreCountedInADryRunToo()
    {
        using var store = new LimitedStore(options => options.Materialize = MaterializeMode.Copy);
        var weights = TestBytes.Of(Size);
        store.Origin.Put("one", ("model.onnx", weights)).Put("two", ("weights.onnx", weights));
        await store.PullAsync("one", "two");
        Assert.Equal(3 * Size, store.HeldBytes);
        var options = new EvictOptions { ToBytes = 2 * Size };

        var preview = await store.EvictAsync(options with { DryRun = true });

        AssertSame(preview, await store.EvictAsync(options));
    }

    /// <summary>A blob that a verification took away frees nothing: the dry run counted it, and left fewer than no bytes.</summary>
    [Fact]
    public async Task EvictAsync_EarlierVersionLostABlob_DryRunDoesNotCountIt()
    {
        using var store = new LimitedStore();
        await store.Put("model", Size).PullAsync("model");
        var layout = new StoreLayout(store.Root);
        Tamper.Bit(Assert.Single(TestStore.Files(layout.Blobs)), 7);
        store.Origin.Put("model", ("model.onnx", TestBytes.Of(2 * Size)));
        await store.Cache.VerifyAsync(null, new VerifyOptions { Repair = true }, TestContext.Current.CancellationToken);

        var preview = await store.EvictAsync(Everything with { DryRun = true });

        Assert.Equal((2 * Size, 0), (preview.FreedBytes, preview.HeldBytes));
        AssertSame(preview, await store.EvictAsync(Everything));
    }

    [Fact]
    public async Task EvictAsync_OlderThan_TakesWhatNobodyUsedSinceAndNothingElse()
    {
        using var store = new LimitedStore();
        await store.Put("idle", Size).Put("used", Size).Put("new", Size).PullAsync("idle", "used");
        store.Clock.Shift += TimeSpan.FromHours(2);
        await store.PullAsync("used", "new");

        var result = await store.EvictAsync(new EvictOptions { OlderThan = TimeSpan.FromHours(1) });

        Assert.Equal(["idle"], LimitedStore.NamesOf(result.Removed));
        Assert.Equal(["new", "used"], store.Models);
    }

    [Fact]
    public async Task EvictAsync_Leased_StaysAndIsNamed()
    {
        using var store = new LimitedStore();
        await store.Put("a", Size).Put("b", Size).PullAsync("a");
        using var held = await store.HoldAsync("b");

        var result = await store.EvictAsync(Everything);

        Assert.Equal(["a"], LimitedStore.NamesOf(result.Removed));
        Assert.Equal(["b"], LimitedStore.NamesOf(result.Kept));
        Assert.Equal(TestBytes.Of(Size, 'b'), await ReadAsync(held));
    }

    [Fact]
    public async Task EvictAsync_Pinned_StaysAfterARestartAndARefreshInBothVersions()
    {
        using var store = new LimitedStore();
        await store.Put("model", Size).PullAsync("model");
        var pinned = Assert.Single(store.Cache.List()).Digest;
        await store.PinAsync("model");
        store.Origin.Put("model", ("model.onnx", TestBytes.Of(2 * Size)));
        store.Restart();
        var present = await store.RefreshAsync("model");
        store.Restart();

        var result = await store.EvictAsync(Everything);

        Assert.Empty(result.Removed);
        Assert.True(Assert.Single(store.Cache.List()).Pinned);
        foreach (var version in new[] { pinned, present })
        {
            using var snapshot = await store.HoldAsync("model", new PullOptions { Digest = version, Offline = true });
            Assert.Equal(version, snapshot.Digest);
        }
    }

    [Fact]
    public async Task EvictAsync_Unpinned_Goes()
    {
        using var store = new LimitedStore();
        await store.Put("model", Size).PullAsync("model");
        await store.PinAsync("model");
        Assert.Single((await store.EvictAsync(Everything)).Kept);

        Assert.True(store.Cache.Unpin(ModelsOrigin.Reference("model")));

        Assert.Single((await store.EvictAsync(Everything)).Removed);
        StoreAudit.AssertEmpty(store.Root);
    }

    private static void AssertSame(EvictResult preview, EvictResult result)
    {
        Assert.Equal(preview.Removed, result.Removed);
        Assert.Equal(preview.Kept, result.Kept);
        Assert.Equal((preview.FreedBytes, preview.HeldBytes), (result.FreedBytes, result.HeldBytes));
    }

    private static Task<byte[]> ReadAsync(Snapshot snapshot) =>
        File.ReadAllBytesAsync(Path.Join(snapshot.Path, "model.onnx"), TestContext.Current.CancellationToken);
}
