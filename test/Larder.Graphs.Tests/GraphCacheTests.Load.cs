namespace Larder.Graphs.Tests;

public sealed partial class GraphCacheTests
{
    [Fact]
    public async Task RentAsync_SixtyFourCallersOfAColdKey_LoadOnce()
    {
        await using var cache = Create();
        var load = new GatedLoad();
        var rents = Enumerable.Range(0, 64).Select(_ => cache.RentAsync(Keys.A, load)).ToArray();

        var graph = load.Succeed();
        var leases = await Task.WhenAll(rents);

        Assert.Equal(1, load.Count);
        Assert.All(leases, lease => Assert.Same(graph, lease.Graph));
        Assert.All(leases, lease => Assert.False(lease.FromCache));
        Assert.Equal((0, 64), (cache.Statistics.Hits, cache.Statistics.Misses));
        Assert.Equal(64, cache.ListGraphs().Single().Leases);
        Array.ForEach(leases, lease => lease.Dispose());
    }

    [Fact]
    public async Task RentAsync_OneOfTwoWaitersCancelled_LoadGoesOnForTheOther()
    {
        await using var cache = Create();
        var load = new GatedLoad();
        using var cancellation = new CancellationTokenSource();
        var leaving = cache.RentAsync(Keys.A, load, cancellation.Token);
        var staying = cache.RentAsync(Keys.A, load);
        await load.Started;

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.False(load.Cancelled.IsCompleted);
        var graph = load.Succeed();
        await using var lease = await staying;
        Assert.Same(graph, lease.Graph);
        Assert.Equal(1, cache.ListGraphs().Single().Leases);
    }

    [Fact]
    public async Task RentAsync_LastWaiterCancelled_CancelsTheLoad()
    {
        await using var cache = Create();
        var load = new GatedLoad();
        using var cancellation = new CancellationTokenSource();
        var rent = cache.RentAsync(Keys.A, load, cancellation.Token);
        await load.Started;

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rent);
        await load.Cancelled;
        Assert.Equal((0, 0), (cache.Statistics.Entries, cache.Statistics.Failures));
    }

    [Fact]
    public async Task RentAsync_WhileACancelledLoadGoesOn_LoadsAnew()
    {
        await using var cache = Create();
        var old = new GatedLoad { IgnoresCancellation = true };
        await AbandonAsync(cache, old);

        await using var lease = await cache.RentAsync(Keys.A);
        var late = old.Succeed();
        await late.Disposing;

        Assert.NotSame(late, lease.Graph);
        Assert.False(lease.Graph.IsDisposed);
        await using var hit = await cache.RentLoadedAsync(Keys.A);
        Assert.Same(lease.Graph, hit.Graph);
    }

    [Fact]
    public async Task RentAsync_WhileACancelledLoadFails_TheNewLoadIsNotDisturbed()
    {
        await using var cache = Create();
        var old = new GatedLoad { IgnoresCancellation = true };
        await AbandonAsync(cache, old);
        var load = new GatedLoad();
        var rent = cache.RentAsync(Keys.A, load);

        old.Fail(new IOException("The disk is gone."));
        load.Succeed();

        (await rent).Dispose();
        Assert.Equal((1, 0), (cache.Statistics.Entries, cache.Statistics.Failures));
    }

    [Fact]
    public async Task RentAsync_CancelledBefore_DoesNotLoad()
    {
        await using var cache = Create();
        var load = new GatedLoad();

        var rent = cache.RentAsync(Keys.A, load, new CancellationToken(canceled: true));

        Assert.True(rent.IsCanceled);
        Assert.Equal((0, 0), (load.Count, cache.Statistics.Misses));
    }

    [Fact]
    public async Task RentAsync_LoadBlocksItsThread_TheCallerCanLeave()
    {
        await using var cache = Create();
        using var blocked = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var rent = cache
            .RentAsync(
                Keys.A,
                token =>
                {
                    blocked.Wait(CancellationToken.None);
                    return Task.FromResult(new FakeGraph());
                },
                cancellation.Token
            )
            .AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rent);
        blocked.Set();
    }

    [Fact]
    public async Task RentAsync_LoadFails_AllWaitersGetTheSameExceptionAndNoGraphIsKept()
    {
        await using var cache = Create();
        var load = new GatedLoad();
        var rents = Enumerable.Range(0, 3).Select(_ => cache.RentAsync(Keys.A, load)).ToArray();
        var failure = new IOException("The disk is gone.");

        load.Fail(failure);

        foreach (var rent in rents)
            Assert.Same(failure, await Assert.ThrowsAsync<IOException>(() => rent));
        Assert.Equal((1, 1, 0), (load.Count, cache.Statistics.Failures, cache.Statistics.Entries));
        cache.ForgetFailure(Keys.A);
        await using var lease = await cache.RentAsync(Keys.A);
        Assert.False(lease.FromCache);
    }

    [Fact]
    public async Task RentAsync_LoadThrowsBeforeItAwaits_TheCallerGetsIt()
    {
        await using var cache = Create();

        var rent = cache.RentAsync<FakeGraph>(Keys.A, _ => throw new IOException("The disk is gone.")).AsTask();

        await Assert.ThrowsAsync<IOException>(() => rent);
        Assert.Equal(1, cache.Statistics.Failures);
    }

    [Fact]
    public async Task RentAsync_LoadTimesOutByItself_IsAFailure()
    {
        await using var cache = Create();
        var load = new GatedLoad();
        var rent = cache.RentAsync(Keys.A, load);
        var failure = new TaskCanceledException("The origin did not answer.");

        load.Fail(failure);

        Assert.Same(failure, await Assert.ThrowsAsync<TaskCanceledException>(() => rent));
        Assert.Equal(1, cache.Statistics.Failures);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RentAsync_LoadReturnsNull_SaysSo(bool isTaskNull)
    {
        await using var cache = Create();
        Task<FakeGraph>? nothing = isTaskNull ? default : Task.FromResult<FakeGraph>(null!);

        var rent = cache.RentAsync(Keys.A, _ => nothing!).AsTask();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => rent);
        Assert.Contains("returned null", exception.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (cache.Statistics.Failures, cache.Statistics.Entries));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RentAsync_AnotherType_NamesBoth(bool isLoaded)
    {
        await using var cache = Create();
        var load = new GatedLoad();
        var rent = cache.RentAsync(Keys.A, load);
        if (isLoaded)
        {
            load.Succeed();
            await rent;
        }

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            cache.RentAsync(Keys.A, _ => Task.FromResult("text")).AsTask()
        );

        Assert.Contains(typeof(FakeGraph).FullName!, exception.Message, StringComparison.Ordinal);
        Assert.Contains(typeof(string).FullName!, exception.Message, StringComparison.Ordinal);
        if (!isLoaded)
            load.Succeed();
        (await rent).Dispose();
        Assert.Equal((0, 1, 0), (cache.Statistics.Hits, cache.Statistics.Misses, cache.Statistics.Failures));
    }

    [Fact]
    public async Task RentAsync_CancelledLoadThrowsInItsTokensCallback_IsLoggedAndGivesItsRoom()
    {
        var log = new RecordingLogger<GraphCache>();
        await using var cache = new GraphCache(new GraphCacheOptions { MaxGraphs = 1 }, _time, log);
        var load = new GatedLoad();
        using var cancellation = new CancellationTokenSource();
        var rent = cache
            .RentAsync(
                Keys.A,
                token =>
                {
                    token.Register(() => throw new IOException("The callback is broken."));
                    return load.RunAsync(token);
                },
                cancellation.Token
            )
            .AsTask();
        await load.Started;

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rent);
        await cache.LoadAsync(Keys.B);
        await log.WaitForAsync("Cancelling the load");
    }

    /// <summary>Begins to load graph A and leaves.</summary>
    private static async Task AbandonAsync(GraphCache cache, GatedLoad load)
    {
        using var cancellation = new CancellationTokenSource();
        var rent = cache.RentAsync(Keys.A, load, cancellation.Token);
        await load.Started;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rent);
    }
}
