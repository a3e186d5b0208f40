using Larder.TestKit;

namespace Larder.Graphs.Tests;

public sealed class GraphCacheUseTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly GraphRequest<FakeGraph> _shared = Wish.For(Keys.A);
    private readonly GraphRequest<FakeGraph> _exclusive = Wish.For(Keys.A, use: GraphUse.Exclusive);

    [Fact]
    public async Task RentAsync_ExclusiveWhileShared_WaitsForAllToReturn()
    {
        await using var cache = Create();
        var first = await cache.TakeAsync(_shared);
        var second = await cache.TakeAsync(_shared);

        var alone = cache.TakeAsync(_exclusive);

        first.Dispose();
        Assert.False(alone.IsCompleted);
        second.Dispose();
        using var lease = await alone;
        Assert.True(lease.FromCache);
    }

    [Fact]
    public async Task RentAsync_SharedWhileExclusive_Waits()
    {
        await using var cache = Create();
        var alone = await cache.TakeAsync(_exclusive);
        var first = cache.TakeAsync(_shared);
        var second = cache.TakeAsync(_shared);
        Assert.False(cache.TryRent<FakeGraph>(Keys.A, out _));
        Assert.False(first.IsCompleted || second.IsCompleted);

        alone.Dispose();

        await using var one = await first;
        await using var two = await second;
        Assert.Equal(2, Assert.Single(cache.ListGraphs()).Leases);
    }

    [Fact]
    public async Task RentAsync_SharedAfterAWaitingExclusive_WaitsBehindIt()
    {
        await using var cache = Create();
        var shared = await cache.TakeAsync(_shared);
        var alone = cache.TakeAsync(_exclusive);
        var late = cache.TakeAsync(_shared);

        shared.Dispose();

        var lease = await alone;
        Assert.False(late.IsCompleted);
        lease.Dispose();
        (await late).Dispose();
    }

    [Fact]
    public async Task RentAsync_ExclusiveOfAColdKeyByTwo_LoadOnceAndTakeTurns()
    {
        await using var cache = Create();
        var load = new GatedLoad();
        var request = Wish.Gated(Keys.A, load, use: GraphUse.Exclusive);
        var first = cache.TakeAsync(request);
        var second = cache.TakeAsync(request);
        await load.Started;

        load.Succeed();

        var lease = await await Task.WhenAny(first, second);
        Assert.False(first.IsCompleted && second.IsCompleted);
        lease.Dispose();
        (await first).Dispose();
        (await second).Dispose();
        Assert.Equal(1, load.Count);
    }

    [Fact]
    public async Task RentAsync_InUseUntilTheDeadline_SaysSo()
    {
        await using var cache = Create();
        await using var lease = await cache.TakeAsync(_shared);
        var alone = cache.TakeAsync(_exclusive);

        _time.Advance(TimeSpan.FromSeconds(30));

        var refused = await Assert.ThrowsAsync<GraphBusyException>(() => alone);
        Assert.Equal((Keys.A, 1, TimeSpan.FromSeconds(30)), (refused.Key, refused.Users, refused.Waited));
        // It left the queue: others are not held up.
        (await cache.TakeAsync(_shared)).Dispose();
        var statistics = cache.GetStatistics();
        Assert.Equal((1, 1), (statistics.TurnWaits, statistics.Cache.Failures));
    }

    [Fact]
    public async Task RentAsync_CancelledWhileWaitingForItsTurn_LetsTheNextGo()
    {
        await using var cache = Create();
        await using var lease = await cache.TakeAsync(_shared);
        using var cancellation = new CancellationTokenSource();
        var alone = cache.TakeAsync(_exclusive, cancellation.Token);
        var next = cache.TakeAsync(_shared);
        Assert.False(next.IsCompleted);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alone);
        (await next).Dispose();
    }

    [Fact]
    public async Task RentAsync_WaitsForItsTurn_TheGraphIsNotEvicted()
    {
        await using var cache = Create(maxGraphs: 1);
        var lease = await cache.TakeAsync(_exclusive);
        var next = cache.TakeAsync(_exclusive);
        var other = cache.TakeAsync(Wish.For(Keys.B));

        lease.Dispose();

        lease = await next;
        Assert.False(lease.Graph.IsDisposed || other.IsCompleted);
        lease.Dispose();
        (await other).Dispose();
    }

    [Fact]
    public async Task DisposeAsync_CallerWaitsForItsTurn_FailsTheCaller()
    {
        var cache = Create();
        var lease = await cache.TakeAsync(_exclusive);
        var next = cache.TakeAsync(_shared);

        var disposal = cache.DisposeAsync().AsTask();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => next);
        lease.Dispose();
        await disposal;
    }

    [Fact]
    public async Task RentAsync_ExclusiveReturnedTwice_DoesNotFreeTheNextOnes()
    {
        await using var cache = Create();
        var lease = await cache.TakeAsync(_exclusive);
        lease.Dispose();
        await using var next = await cache.TakeAsync(_exclusive);

        lease.Dispose();

        Assert.False(cache.TryRent<FakeGraph>(Keys.A, out _));
    }

    private GraphCache Create(int maxGraphs = 2) =>
        new(new GraphCacheOptions { MaxGraphs = maxGraphs, Policy = "lru" }, _time);
}
