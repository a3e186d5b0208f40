using Larder.TestKit;

namespace Larder.Graphs.Tests;

public sealed class GraphCacheSetTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task RentAllAsync_NoneLoaded_LoadsAndLeasesAll()
    {
        await using var cache = Create(3);
        var (encoder, decoder) = (Wish.For(Keys.A), Wish.For(Keys.B));

        await using var leases = await cache.RentAllAsync([encoder, decoder]);

        Assert.NotSame(leases.Graph(encoder), leases.Graph(decoder));
        Assert.All(cache.ListGraphs(), graph => Assert.Equal(1, graph.Leases));
        Assert.Equal(2, cache.Statistics.Misses);
    }

    [Fact]
    public async Task RentAllAsync_HalfThere_WaitsForRoomWithoutHoldingIt()
    {
        await using var cache = Create(2);
        var idle = await cache.LoadAsync(Wish.For(Keys.A));
        var leased = await cache.TakeAsync(Wish.For(Keys.B));
        var both = cache.RentAllAsync([Wish.For(Keys.A), Wish.For(Keys.C)]);
        Assert.Equal(0, cache.ListGraphs().Single(graph => graph.Key.Equals(Keys.A)).Leases);

        // Who was there before lets go, and what is wanted is spared.
        leased.Dispose();

        (await both).Dispose();
        Assert.False(idle.IsDisposed);
    }

    [Fact]
    public async Task RentAllAsync_TwoCallersWithHalfOfWhatTheyNeedEach_BothGetAll()
    {
        await using var cache = Create(2);
        await cache.LoadAsync(Wish.For(Keys.A));
        await cache.LoadAsync(Wish.For(Keys.C));
        var leased = await cache.TakeAsync(Wish.For(Keys.A));
        var other = await cache.TakeAsync(Wish.For(Keys.C));
        var first = cache.RentAllAsync([Wish.For(Keys.A), Wish.For(Keys.B)]);
        var second = cache.RentAllAsync([Wish.For(Keys.C), Wish.For(Keys.D)]);

        leased.Dispose();
        other.Dispose();

        (await first).Dispose();
        (await second).Dispose();
        Assert.Equivalent(new[] { Keys.C, Keys.D }, cache.LoadedKeys(), strict: true);
    }

    [Fact]
    public async Task RentAllAsync_ExclusiveInOppositeOrders_BothGetTheirTurn()
    {
        await using var cache = Create(2);
        var (a, b) = (Wish.For(Keys.A, use: GraphUse.Exclusive), Wish.For(Keys.B, use: GraphUse.Exclusive));
        var first = await cache.RentAllAsync([a, b]);

        var second = cache.RentAllAsync([b, a]);
        var third = cache.RentAllAsync([a, b]);

        Assert.False(second.IsCompleted || third.IsCompleted);
        await first.DisposeAsync();
        var leases = await second;
        Assert.False(third.IsCompleted);
        await leases.DisposeAsync();
        (await third).Dispose();
    }

    [Fact]
    public async Task RentAllAsync_OneIsBusy_LeavesTheOtherFree()
    {
        await using var cache = Create(2);
        await cache.LoadAsync(Wish.For(Keys.B));
        var busy = await cache.TakeAsync(Wish.For(Keys.A, use: GraphUse.Exclusive));
        var both = cache.RentAllAsync([Wish.For(Keys.A, use: GraphUse.Exclusive), Wish.For(Keys.B)]);

        // Nobody has graph B, but somebody is before us who wants to share it: so may we, in turn.
        Assert.Equal(0, cache.ListGraphs().Single(graph => graph.Key.Equals(Keys.B)).Leases);
        var shared = cache.TakeAsync(Wish.For(Keys.B));
        (await shared).Dispose();

        busy.Dispose();
        (await both).Dispose();
    }

    [Fact]
    public async Task RentAllAsync_OneLoadFails_LeavesNothingLeased()
    {
        await using var cache = Create(2);
        await cache.LoadAsync(Wish.For(Keys.A));
        var load = new GatedLoad();
        var rent = cache.RentAllAsync([Wish.For(Keys.A), Wish.Gated(Keys.B, load)]);
        await load.Started;

        load.Fail(new IOException("The disk is gone."));

        await Assert.ThrowsAsync<IOException>(() => rent);
        Assert.Equal(0, Assert.Single(cache.ListGraphs()).Leases);
        Assert.Equal(EvictOutcome.Removed, await cache.RemoveAsync(Keys.A));
    }

    [Fact]
    public async Task RentAllAsync_MoreThanTheLimit_NeverFits()
    {
        await using var cache = Create(1);
        await cache.LoadAsync(Wish.For(Keys.A));

        var refused = await Assert.ThrowsAsync<GraphTooLargeException>(() =>
            cache.RentAllAsync([Wish.For(Keys.A), Wish.For(Keys.B)])
        );

        Assert.Equal((1L, 2L, null), (refused.Limit, refused.Actual, refused.Device));
        Assert.Contains("Raise MaxGraphs", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RentAllAsync_Cancelled_GivesUpItsPlaceForTheNext()
    {
        await using var cache = Create(2);
        await using var leased = await cache.TakeAsync(Wish.For(Keys.A));
        using var cancellation = new CancellationTokenSource();
        var large = cache.RentAllAsync([Wish.For(Keys.B), Wish.For(Keys.C)], cancellation.Token);
        var small = cache.TakeAsync(Wish.For(Keys.D));
        Assert.False(small.IsCompleted);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        (await small).Dispose();
    }

    [Fact]
    public async Task RentAllAsync_OneKeyTwiceOrNone_IsRefused()
    {
        await using var cache = Create(2);

        var twice = await Assert.ThrowsAsync<ArgumentException>(() =>
            cache.RentAllAsync([Wish.For(Keys.A), Wish.For(Keys.A)])
        );
        Assert.Contains("twice", twice.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => cache.RentAllAsync([]));
    }

    [Fact]
    public async Task Graph_AfterTheReturnOrOfAnotherRequest_Throws()
    {
        await using var cache = Create(2);
        var request = Wish.For(Keys.A);
        var leases = await cache.RentAllAsync([request]);
        Assert.Throws<ArgumentException>(() => leases.Graph(Wish.For(Keys.A)));

        leases.Dispose();
        leases.Dispose();

        Assert.Throws<ObjectDisposedException>(() => leases.Graph(request));
        Assert.Equal(0, Assert.Single(cache.ListGraphs()).Leases);
    }

    private GraphCache Create(int maxGraphs) =>
        new(new GraphCacheOptions { MaxGraphs = maxGraphs, Policy = "lru" }, _time);
}
