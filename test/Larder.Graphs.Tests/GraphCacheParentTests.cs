using Larder.TestKit;

namespace Larder.Graphs.Tests;

public sealed class GraphCacheParentTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task RentAsync_WithAParent_LoadsItFirstAndGivesItToTheLoad()
    {
        await using var cache = Create();
        var weights = Wish.For(Keys.A, 60);
        var part = default(FakeGraph);
        var session = new GraphRequest<FakeGraph>(
            Keys.B,
            (load, _) =>
            {
                part = load.Parent(weights);
                return Task.FromResult(new FakeGraph());
            }
        )
        {
            Parents = [weights],
        };

        await using var lease = await cache.TakeAsync(session);
        await using var parent = await cache.TakeAsync(weights);

        Assert.Same(parent.Graph, part);
        Assert.True(parent.FromCache);
    }

    [Fact]
    public async Task RentAsync_TwoSessionsOfOneSetOfWeights_LoadThemOnce()
    {
        await using var cache = Create();
        var weights = Wish.For(Keys.A, 60);
        await using var first = await cache.TakeAsync(Wish.For(Keys.B, parents: weights));
        await using var second = await cache.TakeAsync(Wish.For(Keys.C, parents: weights));

        Assert.Equal(3, cache.GetStatistics().Loads);
        Assert.Equal(60, cache.Device().UsedBytes);
    }

    [Fact]
    public async Task RentAsync_RoomIsShort_ALoadedSessionKeepsItsWeights()
    {
        await using var cache = Create(maxBytes: 100);
        var weights = new FakeGraph();
        await using var session = await cache.TakeAsync(
            Wish.For(Keys.B, 10, parents: Wish.For(Keys.A, 60, graph: weights))
        );
        var other = cache.TakeAsync(Wish.For(Keys.C, 50));

        _time.Advance(TimeSpan.FromSeconds(30));

        await Assert.ThrowsAsync<GraphRoomException>(() => other);
        Assert.False(weights.IsDisposed);
    }

    [Fact]
    public async Task RentAsync_RoomIsShort_SessionsGoAndThenTheirWeights()
    {
        await using var cache = Create(maxBytes: 100);
        var (weights, gate) = (new FakeGraph(), new TaskCompletionSource());
        var session = new FakeGraph { DisposalGate = gate.Task };
        await cache.LoadAsync(Wish.For(Keys.B, 10, graph: session, parents: Wish.For(Keys.A, 60, graph: weights)));

        var other = cache.TakeAsync(Wish.For(Keys.C, 80));

        await session.Disposing;
        Assert.False(weights.IsDisposed || other.IsCompleted);
        gate.SetResult();
        (await other).Dispose();
        Assert.True(weights.IsDisposed);
    }

    [Fact]
    public async Task RentAsync_TwoSessionsOfTheWeightsAndOneLeased_EvictsNeitherInVain()
    {
        await using var cache = Create(maxBytes: 100);
        var weights = Wish.For(Keys.A, 60);
        await using var leased = await cache.TakeAsync(Wish.For(Keys.B, 10, parents: weights));
        var idle = await cache.LoadAsync(Wish.For(Keys.C, 10, parents: weights));
        var other = cache.TakeAsync(Wish.For(Keys.D, 50));

        _time.Advance(TimeSpan.FromSeconds(30));

        await Assert.ThrowsAsync<GraphRoomException>(() => other);
        Assert.False(idle.IsDisposed);
    }

    [Fact]
    public async Task RentAsync_WithParentsAbovetheLimit_NeverFits()
    {
        await using var cache = Create(maxBytes: 100);

        var refused = await Assert.ThrowsAsync<GraphTooLargeException>(() =>
            cache.TakeAsync(Wish.For(Keys.B, 50, parents: Wish.For(Keys.A, 60)))
        );

        Assert.Equal(110, refused.Actual);
    }

    [Fact]
    public async Task RentAsync_ParentFails_FailsTheCallerAndFreesAll()
    {
        await using var cache = Create(maxBytes: 100);
        var load = new GatedLoad();
        var rent = cache.TakeAsync(Wish.For(Keys.B, 30, parents: Wish.Gated(Keys.A, load, 60)));
        await load.Started;

        load.Fail(new IOException("The disk is gone."));

        await Assert.ThrowsAsync<IOException>(() => rent);
        await cache.LoadAsync(Wish.For(Keys.C, 100));
    }

    [Fact]
    public async Task RentAsync_LastWaiterLeavesWhileTheParentLoads_CancelsThatToo()
    {
        await using var cache = Create();
        var load = new GatedLoad();
        using var cancellation = new CancellationTokenSource();
        var session = Wish.For(Keys.B, parents: Wish.Gated(Keys.A, load));
        var rent = cache.TakeAsync(session, cancellation.Token);
        await load.Started;

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rent);
        await load.Cancelled;
    }

    [Fact]
    public async Task RemoveAsync_PartOfALoadedGraph_IsInUse()
    {
        await using var cache = Create();
        await cache.LoadAsync(Wish.For(Keys.B, parents: Wish.For(Keys.A)));

        Assert.Equal(EvictOutcome.InUse, await cache.RemoveAsync(Keys.A));
        Assert.Equal(EvictOutcome.Removed, await cache.RemoveAsync(Keys.B));
        Assert.Equal(EvictOutcome.Removed, await cache.RemoveAsync(Keys.A));
    }

    [Fact]
    public async Task ClearAsync_GraphAndItsPart_RemovesBoth()
    {
        await using var cache = Create();
        await cache.LoadAsync(Wish.For(Keys.B, parents: Wish.For(Keys.A)));

        var result = await cache.ClearAsync();

        Assert.Equal(2, result.Removed);
        Assert.Empty(result.KeptInUse);
    }

    [Fact]
    public async Task DisposeAsync_GraphAndItsPart_DisposesThePartLast()
    {
        var cache = Create();
        var (weights, gate) = (new FakeGraph(), new TaskCompletionSource());
        var session = new FakeGraph { DisposalGate = gate.Task };
        await cache.LoadAsync(Wish.For(Keys.B, graph: session, parents: Wish.For(Keys.A, graph: weights)));

        var disposal = cache.DisposeAsync().AsTask();

        await session.Disposing;
        Assert.False(weights.IsDisposed);
        gate.SetResult();
        await disposal;
        Assert.True(weights.IsDisposed);
    }

    [Fact]
    public async Task Parent_NotNamedInTheRequest_IsRefused()
    {
        await using var cache = Create();
        var stranger = Wish.For(Keys.A);
        var request = new GraphRequest<FakeGraph>(Keys.B, (load, _) => Task.FromResult(load.Parent(stranger)));

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => cache.TakeAsync(request));

        Assert.Contains("not among the parents", refused.Message, StringComparison.Ordinal);
    }

    private GraphCache Create(long? maxBytes = null) =>
        new(new GraphCacheOptions { MaxBytes = maxBytes, Policy = "lru" }, _time);
}
