namespace Larder.Graphs.Tests;

public sealed class GraphLeaseTests
{
    [Fact]
    public async Task Dispose_Twice_ReleasesOnce()
    {
        await using var cache = new GraphCache(new GraphCacheOptions());
        var lease = await cache.RentAsync(Keys.A);
        await using var other = await cache.RentAsync(Keys.A);

        lease.Dispose();
        lease.Dispose();
        await lease.DisposeAsync();

        Assert.Equal(1, cache.ListGraphs().Single().Leases);
    }

    [Fact]
    public async Task Dispose_ACopy_ReleasesOnce()
    {
        await using var cache = new GraphCache(new GraphCacheOptions());
        var lease = await cache.RentAsync(Keys.A);
        var copy = lease;
        await using var other = await cache.RentAsync(Keys.A);

        lease.Dispose();
        copy.Dispose();

        Assert.Equal(1, cache.ListGraphs().Single().Leases);
    }

    [Fact]
    public async Task Dispose_AgainAfterAnotherRent_LeavesTheNewLease()
    {
        await using var cache = new GraphCache(new GraphCacheOptions());
        var stale = await cache.RentAsync(Keys.A);
        stale.Dispose();
        await using var current = await cache.RentAsync(Keys.A);

        stale.Dispose();

        Assert.Equal(1, cache.ListGraphs().Single().Leases);
        Assert.NotNull(current.Graph);
        Assert.Throws<ObjectDisposedException>(() => stale.Graph);
    }

    [Fact]
    public async Task Graph_AfterTheReturn_Throws()
    {
        await using var cache = new GraphCache(new GraphCacheOptions());
        var lease = await cache.RentAsync(Keys.A);

        lease.Dispose();

        var exception = Assert.Throws<ObjectDisposedException>(() => lease.Graph);
        Assert.Contains("rent the graph again", exception.Message, StringComparison.Ordinal);
        Assert.Equal(Keys.A, lease.Key);
    }

    [Fact]
    public void Default_HoldsNothing()
    {
        var lease = default(GraphLease<FakeGraph>);

        Assert.Throws<InvalidOperationException>(() => lease.Graph);
        lease.Dispose();
    }
}
