using Larder.Telemetry;
using Larder.TestKit;

namespace Larder.Graphs.Tests;

public sealed partial class GraphCacheTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Create_OptionsWithTwoFaults_NamesBoth()
    {
        var options = new GraphCacheOptions { MaxGraphs = 0, Policy = "fifo" };

        var exception = Assert.Throws<ArgumentException>(() => new GraphCache(options));

        Assert.Contains("MaxGraphs is 0", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'fifo'; the known policies are: cost, lru, lfu", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RentAsync_LoadedGraph_IsAHitOnTheSameGraph()
    {
        await using var cache = Create();
        var graph = await cache.LoadAsync(Keys.A);

        await using var lease = await cache.RentLoadedAsync(Keys.A);

        Assert.Same(graph, lease.Graph);
        Assert.Equal(Keys.A, lease.Key);
        Assert.True(lease.FromCache);
    }

    [Fact]
    public async Task RentAsync_LoadedGraph_CompletesAtOnce()
    {
        await using var cache = Create();
        await cache.LoadAsync(Keys.A);

        var rent = cache.RentLoadedAsync(Keys.A);

        Assert.True(rent.IsCompletedSuccessfully);
        (await rent).Dispose();
    }

    [Fact]
    public async Task RentAsync_EqualKeysMadeApart_AreOneGraph()
    {
        await using var cache = Create();
        var graph = await cache.LoadAsync(Keys.Of("same"));

        await using var lease = await cache.RentLoadedAsync(Keys.Of("same"));

        Assert.Same(graph, lease.Graph);
    }

    [Fact]
    public async Task Statistics_AfterOneMissAndTwoHits_CountsThemAndTheTimeSaved()
    {
        await using var cache = Create();
        await using (var lease = await cache.RentAsync(Keys.A, LoadForSevenSecondsAsync))
            Assert.Equal(TimeSpan.FromSeconds(7), lease.LoadTime);

        await cache.LoadAsync(Keys.A);
        await cache.LoadAsync(Keys.A);

        var expected = new CacheStatistics
        {
            Hits = 2,
            Misses = 1,
            Entries = 1,
            TimeSaved = TimeSpan.FromSeconds(14),
        };
        Assert.Equal(expected, cache.Statistics);
    }

    [Fact]
    public async Task ListGraphs_OneLeasedOneIdleOneLoading_ListsTheLoaded()
    {
        await using var cache = Create(maxGraphs: 3);
        await using (await cache.RentAsync(Keys.A, LoadForSevenSecondsAsync)) { }
        var idleSince = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(1));
        await using var first = await cache.RentAsync(Keys.B);
        await using var second = await cache.RentAsync(Keys.B);
        var load = new GatedLoad();
        var loading = cache.RentAsync(Keys.C, load);

        var graphs = cache.ListGraphs();

        GraphStatus[] expected =
        [
            new(Keys.A, 0, TimeSpan.FromSeconds(7), idleSince, GraphSize.Unknown, Uses: 1),
            new(Keys.B, 2, TimeSpan.Zero, _time.GetUtcNow(), GraphSize.Unknown, Uses: 2),
        ];
        Assert.Equivalent(expected, graphs, strict: true);
        load.Succeed();
        (await loading).Dispose();
    }

    [Fact]
    public async Task RemoveAsync_IdleGraph_CompletesWhenItIsDisposed()
    {
        await using var cache = Create();
        var gate = new TaskCompletionSource();
        var graph = await cache.LoadAsync(Keys.A, new FakeGraph { DisposalGate = gate.Task });

        var removal = cache.RemoveAsync(Keys.A);
        await graph.Disposing;

        Assert.False(removal.IsCompleted);
        Assert.Equal(0, cache.Statistics.Entries);
        gate.SetResult();
        Assert.Equal(EvictOutcome.Removed, await removal);
        Assert.Equal(0, cache.Statistics.Evictions);
    }

    [Fact]
    public async Task RemoveAsync_LeasedGraph_IsInUse()
    {
        await using var cache = Create();
        await using var lease = await cache.RentAsync(Keys.A);

        Assert.Equal(EvictOutcome.InUse, await cache.RemoveAsync(Keys.A));
        Assert.False(lease.Graph.IsDisposed);
    }

    [Fact]
    public async Task RemoveAsync_GraphBeingLoaded_IsInUse()
    {
        await using var cache = Create();
        var load = new GatedLoad();
        var rent = cache.RentAsync(Keys.A, load);

        Assert.Equal(EvictOutcome.InUse, await cache.RemoveAsync(Keys.A));

        load.Succeed();
        (await rent).Dispose();
    }

    [Fact]
    public async Task RemoveAsync_UnknownKey_IsNotFound()
    {
        await using var cache = Create();

        Assert.Equal(EvictOutcome.NotFound, await cache.RemoveAsync(Keys.A));
    }

    [Fact]
    public async Task RemoveAsync_Cancelled_EndsTheWaitAndNotTheDisposal()
    {
        await using var cache = Create();
        var gate = new TaskCompletionSource();
        await cache.LoadAsync(Keys.A, new FakeGraph { DisposalGate = gate.Task });
        using var cancellation = new CancellationTokenSource();

        var removal = cache.RemoveAsync(Keys.A, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => removal);
        Assert.Equal(EvictOutcome.NotFound, await cache.RemoveAsync(Keys.A));
        gate.SetResult();
    }

    [Fact]
    public async Task ClearAsync_IdleLeasedAndLoading_RemovesTheIdleAndNamesTheRest()
    {
        await using var cache = Create(maxGraphs: 4);
        var idle = new[] { await cache.LoadAsync(Keys.A), await cache.LoadAsync(Keys.B) };
        await using var lease = await cache.RentAsync(Keys.C);
        var load = new GatedLoad();
        var rent = cache.RentAsync(Keys.D, load);

        var result = await cache.ClearAsync();

        Assert.Equal(2, result.Removed);
        Assert.Equivalent(new[] { Keys.C, Keys.D }, result.KeptInUse, strict: true);
        Assert.All(idle, graph => Assert.True(graph.IsDisposed));
        Assert.False(lease.Graph.IsDisposed);
        load.Succeed();
        (await rent).Dispose();
    }

    [Fact]
    public async Task DisposeAsync_IdleAndLeasedGraphs_WaitsForTheLease()
    {
        var cache = Create();
        var idle = await cache.LoadAsync(Keys.A);
        var lease = await cache.RentAsync(Keys.B);
        var leased = lease.Graph;

        var disposal = cache.DisposeAsync().AsTask();
        await idle.Disposing;

        Assert.False(disposal.IsCompleted);
        Assert.False(lease.Graph.IsDisposed);
        lease.Dispose();
        await disposal;
        Assert.True(leased.IsDisposed);
    }

    [Fact]
    public async Task DisposeAsync_GraphBeingLoaded_CancelsTheLoadAndFailsItsWaiters()
    {
        var cache = Create();
        var load = new GatedLoad { IgnoresCancellation = true };
        var rent = cache.RentAsync(Keys.A, load);
        await load.Started;

        var disposal = cache.DisposeAsync().AsTask();

        await load.Cancelled;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => rent);
        Assert.False(disposal.IsCompleted);
        var graph = load.Succeed();
        await disposal;
        Assert.True(graph.IsDisposed);
    }

    [Fact]
    public async Task DisposeAsync_CallerWaitsForRoom_FailsTheCaller()
    {
        var cache = Create(maxGraphs: 1);
        var lease = await cache.RentAsync(Keys.A);
        var rent = cache.RentAsync(Keys.B);

        var disposal = cache.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => rent);
        lease.Dispose();
        await disposal;
    }

    [Fact]
    public async Task DisposeAsync_Twice_WaitsForTheSameEnd()
    {
        var cache = Create();
        var lease = await cache.RentAsync(Keys.A);

        var first = cache.DisposeAsync().AsTask();
        var second = cache.DisposeAsync().AsTask();

        Assert.False(second.IsCompleted);
        lease.Dispose();
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task AnyVerb_AfterDisposal_Throws()
    {
        var cache = Create();
        await cache.LoadAsync(Keys.A);
        await cache.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.RentLoadedAsync(Keys.A));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.RemoveAsync(Keys.A));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.ClearAsync());
        Assert.Empty(cache.ListGraphs());
    }

    private GraphCache Create(int maxGraphs = 2) =>
        new(new GraphCacheOptions { MaxGraphs = maxGraphs, Policy = "lru" }, _time);

    private Task<FakeGraph> LoadForSevenSecondsAsync(CancellationToken cancellationToken)
    {
        _time.Advance(TimeSpan.FromSeconds(7));
        return Task.FromResult(new FakeGraph());
    }
}
