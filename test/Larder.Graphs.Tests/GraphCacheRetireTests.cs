namespace Larder.Graphs.Tests;

public sealed class GraphCacheRetireTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RemoveAsync_OnlyAGraphWhoseKeyIsAnothersByNow_LeavesTheOther()
    {
        await using var cache = new GraphCache(new GraphCacheOptions());
        var token = TestContext.Current.CancellationToken;
        var first = await cache.LoadAsync(Keys.A);
        await cache.RemoveAsync(Keys.A, token);
        var second = await cache.LoadAsync(Keys.A);

        Assert.Equal(EvictOutcome.NotFound, await cache.RemoveAsync(Keys.A, only: first, token));
        Assert.Single(cache.ListGraphs());
        Assert.Equal(EvictOutcome.Removed, await cache.RemoveAsync(Keys.A, only: second, token));
        Assert.Empty(cache.ListGraphs());
    }

    [Fact]
    public async Task Retire_Idle_IsDisposedAtOnce()
    {
        await using var cache = new GraphCache(new GraphCacheOptions());
        var graph = await cache.LoadAsync(Keys.A);

        Assert.True(await cache.RetireAsync(Keys.A, Stop));

        Assert.True(graph.IsDisposed);
        Assert.Null(cache.Describe(Keys.A).Loaded);
    }

    [Fact]
    public async Task Retire_NotThere_IsFalse()
    {
        await using var cache = new GraphCache(new GraphCacheOptions());

        Assert.False(await cache.RetireAsync(Keys.A, Stop));
    }

    [Fact]
    public async Task Retire_Leased_GoesWithTheLastLeaseAndIsLoadedAnewAfterwards()
    {
        await using var cache = new GraphCache(new GraphCacheOptions());
        var first = await cache.RentAsync(Keys.A);
        var graph = first.Graph;

        var retirement = cache.RetireAsync(Keys.A, Stop);
        var second = await cache.RentLoadedAsync(Keys.A);
        await first.DisposeAsync();
        Assert.False(graph.IsDisposed);
        await second.DisposeAsync();
        Assert.True(await retirement);

        Assert.True(graph.IsDisposed);
        Assert.NotSame(graph, await cache.LoadAsync(Keys.A));
        Assert.NotNull(cache.Describe(Keys.A).Loaded);
    }

    [Fact]
    public async Task Retire_BeingLoaded_GoesWhenItsCallerReturnsIt()
    {
        await using var cache = new GraphCache(new GraphCacheOptions());
        var load = new GatedLoad();
        var rent = cache.RentAsync(Keys.A, load, Stop);
        await load.Started;
        Assert.True(cache.Describe(Keys.A).IsLoading);

        var retirement = cache.RetireAsync(Keys.A, Stop);
        var graph = load.Succeed();
        await (await rent).DisposeAsync();

        Assert.True(await retirement);
        Assert.True(graph.IsDisposed);
    }

    [Fact]
    public async Task Retire_LoadFails_Ends()
    {
        await using var cache = new GraphCache(new GraphCacheOptions());
        var load = new GatedLoad();
        var rent = cache.RentAsync(Keys.A, load, Stop);
        await load.Started;
        var retirement = cache.RetireAsync(Keys.A, Stop);

        load.Fail(new IOException("The disk is gone."));

        await Assert.ThrowsAsync<IOException>(() => rent);
        Assert.True(await retirement);
        Assert.Contains("The disk is gone", cache.Describe(Keys.A).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retire_CacheIsClosed_Ends()
    {
        var cache = new GraphCache(new GraphCacheOptions());
        var lease = await cache.RentAsync(Keys.A);
        var retirement = cache.RetireAsync(Keys.A, Stop);

        var end = cache.DisposeAsync();
        await lease.DisposeAsync();

        await end;
        Assert.True(await retirement);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.RetireAsync(Keys.A, Stop));
    }

    [Fact]
    public async Task Evicted_ForAnother_SaysForWhom()
    {
        var logger = new RecordingLogger<GraphCache>();
        await using var cache = new GraphCache(new GraphCacheOptions { MaxGraphs = 1 }, logger: logger);
        var told = new TaskCompletionSource<GraphEventArgs>();
        cache.Happened += (_, what) =>
        {
            if (what.Kind is GraphEventKind.Evicted)
                told.TrySetResult(what);
        };
        await cache.LoadAsync(Named(Keys.A, "one"));

        await cache.LoadAsync(Named(Keys.B, "two"));

        var what = await told.Task;
        Assert.Equal(("one", Keys.B, EvictionReason.Room), (what.Name, what.RoomFor, what.Reason));
        await logger.WaitForAsync("Evicted one");
        await logger.WaitForAsync("its room was needed for two");
    }

    private static GraphRequest<FakeGraph> Named(Larder.Content.EntryKey key, string name) =>
        new(key, (_, _) => Task.FromResult(new FakeGraph())) { Name = name };
}
