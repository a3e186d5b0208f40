namespace Larder.Graphs.Tests;

public sealed partial class GraphCacheTests
{
    [Fact]
    public async Task TryRent_LoadedGraph_LeasesItAndCountsAHit()
    {
        await using var cache = Create();
        var graph = await cache.LoadAsync(Keys.A);

        Assert.True(cache.TryRent<FakeGraph>(Keys.A, out var lease));

        Assert.Same(graph, lease.Graph);
        Assert.Equal(1, cache.Statistics.Hits);
        Assert.Equal(EvictOutcome.InUse, await cache.RemoveAsync(Keys.A, TestContext.Current.CancellationToken));
        lease.Dispose();
    }

    [Fact]
    public async Task TryRent_GraphThatIsNotLoaded_LoadsNothingAndCountsNothing()
    {
        await using var cache = Create();

        Assert.False(cache.TryRent<FakeGraph>(Keys.A, out _));

        Assert.Equal(0, cache.Statistics.Misses);
        Assert.Empty(cache.ListGraphs());
    }

    [Fact]
    public async Task TryRent_LoadedAsAnotherType_IsRefused()
    {
        await using var cache = Create();
        await cache.LoadAsync(Keys.A);

        Assert.Throws<InvalidOperationException>(() => cache.TryRent<string>(Keys.A, out _));
    }
}
