using Microsoft.Extensions.Logging;

namespace Larder.Graphs.Tests;

public sealed partial class GraphCacheTests
{
    [Fact]
    public async Task RentAsync_Full_EvictsWhatHasBeenIdleForLongest()
    {
        await using var cache = Create(maxGraphs: 2);
        await cache.LoadAsync(Keys.A);
        var victim = await cache.LoadAsync(Keys.B);
        await cache.LoadAsync(Keys.A);

        await cache.LoadAsync(Keys.C);

        Assert.True(victim.IsDisposed);
        Assert.Equivalent(new[] { Keys.A, Keys.C }, cache.ListGraphs().Select(graph => graph.Key), strict: true);
        Assert.Equal(1, cache.Statistics.Evictions);
    }

    [Fact]
    public async Task RentAsync_ReturnedLast_CountsAsUsedLast()
    {
        await using var cache = Create(maxGraphs: 2);
        var early = await cache.RentAsync(Keys.A);
        await cache.LoadAsync(Keys.B);
        early.Dispose();

        await cache.LoadAsync(Keys.C);

        Assert.Equivalent(new[] { Keys.A, Keys.C }, cache.ListGraphs().Select(graph => graph.Key), strict: true);
    }

    [Fact]
    public async Task RentAsync_OldestIsLeased_EvictsTheNext()
    {
        await using var cache = Create(maxGraphs: 2);
        await using var lease = await cache.RentAsync(Keys.A);
        var victim = await cache.LoadAsync(Keys.B);

        await cache.LoadAsync(Keys.C);

        Assert.True(victim.IsDisposed);
        Assert.False(lease.Graph.IsDisposed);
    }

    [Fact]
    public async Task RentAsync_AllLeased_ServesFirstComeFirst()
    {
        await using var cache = Create(maxGraphs: 1);
        var lease = await cache.RentAsync(Keys.A);
        var second = cache.RentAsync(Keys.B);
        var third = cache.RentAsync(Keys.C);
        var fourth = cache.RentAsync(Keys.D);

        lease.Dispose();
        lease = await second;
        Assert.False(third.IsCompleted || fourth.IsCompleted);
        lease.Dispose();
        lease = await third;
        Assert.False(fourth.IsCompleted);
        lease.Dispose();
        (await fourth).Dispose();
    }

    [Fact]
    public async Task RentAsync_HitWhileOthersWaitForRoom_DoesNotWait()
    {
        await using var cache = Create(maxGraphs: 1);
        var lease = await cache.RentAsync(Keys.A);
        var waiting = cache.RentAsync(Keys.B);

        var hit = cache.RentLoadedAsync(Keys.A);

        Assert.True(hit.IsCompletedSuccessfully);
        Assert.False(waiting.IsCompleted);
        lease.Dispose();
        (await hit).Dispose();
        (await waiting).Dispose();
    }

    [Fact]
    public async Task RentAsync_DeadlinePassed_SaysWhatIsInTheWay()
    {
        await using var cache = Create(maxGraphs: 1);
        await using var lease = await cache.RentAsync(Keys.A);
        var rent = cache.RentAsync(Keys.B);

        _time.Advance(TimeSpan.FromSeconds(30));

        var exception = await Assert.ThrowsAsync<GraphRoomException>(() => rent);
        Assert.Equal(Keys.B, exception.Key);
        Assert.Equal(1, exception.Leased);
        Assert.Contains("1 of at most 1 graphs", exception.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(30), exception.Waited);
        Assert.Equal((2, 1), (cache.Statistics.Misses, cache.Statistics.Failures));
    }

    [Fact]
    public async Task RentAsync_AfterADeadlinePassed_FindsTheRoomThatCameLater()
    {
        await using var cache = Create(maxGraphs: 1);
        var lease = await cache.RentAsync(Keys.A);
        var late = cache.RentAsync(Keys.B);
        _time.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<GraphRoomException>(() => late);

        lease.Dispose();

        await cache.LoadAsync(Keys.B);
        Assert.Equal(1, cache.Statistics.Entries);
    }

    [Fact]
    public async Task RentAsync_DeadlineOfTheFirstWaiter_LeavesTheSecondItsPlace()
    {
        await using var cache = Create(maxGraphs: 1);
        var lease = await cache.RentAsync(Keys.A);
        var first = cache.RentAsync(Keys.B);
        _time.Advance(TimeSpan.FromSeconds(20));
        var second = cache.RentAsync(Keys.B);
        _time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<GraphRoomException>(() => first);

        lease.Dispose();

        (await second).Dispose();
    }

    [Fact]
    public async Task RentAsync_DeadlinePassesDuringTheLoad_TheLoadGoesOn()
    {
        await using var cache = Create(maxGraphs: 1);
        var lease = await cache.RentAsync(Keys.A);
        var load = new GatedLoad();
        var rent = cache.RentAsync(Keys.B, load);
        lease.Dispose();
        await load.Started;

        _time.Advance(TimeSpan.FromMinutes(1));
        load.Succeed();

        (await rent).Dispose();
        Assert.Equal(0, cache.Statistics.Failures);
    }

    [Fact]
    public async Task RentAsync_CancelledWhileWaitingForRoom_GivesUpItsPlace()
    {
        await using var cache = Create(maxGraphs: 1);
        var lease = await cache.RentAsync(Keys.A);
        var load = new GatedLoad();
        using var cancellation = new CancellationTokenSource();
        var leaving = cache.RentAsync(Keys.B, load, cancellation.Token);
        var staying = cache.RentAsync(Keys.C);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        lease.Dispose();

        (await staying).Dispose();
        Assert.Equal(0, load.Count);
    }

    [Fact]
    public async Task RentAsync_VictimIsBeingDisposed_WaitsForItsEnd()
    {
        await using var cache = Create(maxGraphs: 1);
        var gate = new TaskCompletionSource();
        var victim = await cache.LoadAsync(Keys.A, new FakeGraph { DisposalGate = gate.Task });
        var load = new GatedLoad();
        var rent = cache.RentAsync(Keys.B, load);
        await victim.Disposing;

        Assert.False(load.Started.IsCompleted);

        gate.SetResult();
        await load.Started;
        load.Succeed();
        (await rent).Dispose();
    }

    [Fact]
    public async Task RentAsync_EvictedKeyIsBeingDisposed_LoadsAnewAfterIt()
    {
        await using var cache = Create(maxGraphs: 1);
        var gate = new TaskCompletionSource();
        var old = await cache.LoadAsync(Keys.A, new FakeGraph { DisposalGate = gate.Task });
        var removal = cache.RemoveAsync(Keys.A);
        var rent = cache.RentAsync(Keys.A);
        await old.Disposing;

        Assert.False(rent.IsCompleted);

        gate.SetResult();
        await using var lease = await rent;
        Assert.NotSame(old, lease.Graph);
        await removal;
    }

    [Fact]
    public async Task RentAsync_OneWaiterAndASlowDisposal_EvictsOne()
    {
        await using var cache = Create(maxGraphs: 2);
        var gate = new TaskCompletionSource();
        await cache.LoadAsync(Keys.A, new FakeGraph { DisposalGate = gate.Task });
        var lease = await cache.RentAsync(Keys.B);
        var rent = cache.RentAsync(Keys.C);

        lease.Dispose();

        Assert.Equal(1, cache.Statistics.Evictions);
        gate.SetResult();
        (await rent).Dispose();
        Assert.Equal(1, cache.Statistics.Evictions);
    }

    [Fact]
    public async Task RentAsync_TwoWaiters_EvictTwo()
    {
        await using var cache = Create(maxGraphs: 2);
        await cache.LoadAsync(Keys.A);
        await cache.LoadAsync(Keys.B);

        var leases = await Task.WhenAll(cache.RentAsync(Keys.C), cache.RentAsync(Keys.D));

        Assert.Equal(2, cache.Statistics.Evictions);
        Array.ForEach(leases, lease => lease.Dispose());
    }

    [Fact]
    public async Task RentAsync_DisposalOfTheVictimThrows_IsLoggedAndCountedAndGivesRoom()
    {
        var log = new RecordingLogger<GraphCache>();
        await using var cache = new GraphCache(new GraphCacheOptions { MaxGraphs = 1 }, _time, log);
        var broken = new FakeGraph { DisposalGate = Task.FromException(new IOException("The device is lost.")) };
        await cache.LoadAsync(Keys.A, broken);

        await cache.LoadAsync(Keys.B);

        Assert.Equal((1, 1), (cache.Statistics.Failures, cache.Statistics.Entries));
        Assert.Equal(LogLevel.Warning, await log.WaitForAsync("failed in its disposal"));
    }

    [Fact]
    public async Task RentAsync_LoadFailed_GivesItsRoom()
    {
        await using var cache = Create(maxGraphs: 1);
        var load = new GatedLoad();
        var failing = cache.RentAsync(Keys.A, load);
        var waiting = cache.RentAsync(Keys.B);

        load.Fail(new IOException("The disk is gone."));

        (await waiting).Dispose();
        await Assert.ThrowsAsync<IOException>(() => failing);
    }

    [Fact]
    public async Task RentAsync_AbandonedLoadGoesOn_CountsUntilItEnds()
    {
        await using var cache = Create(maxGraphs: 1);
        var old = new GatedLoad { IgnoresCancellation = true };
        await AbandonAsync(cache, old);
        var load = new GatedLoad();
        var rent = cache.RentAsync(Keys.B, load);

        Assert.False(load.Started.IsCompleted);

        old.Succeed();
        load.Succeed();
        (await rent).Dispose();
    }

    [Fact]
    public async Task RentAsync_VictimIsOnlyDisposable_IsDisposed()
    {
        await using var cache = Create(maxGraphs: 1);
        var victim = new MemoryStream();
        (await cache.RentAsync(Keys.A, _ => Task.FromResult(victim))).Dispose();

        await cache.LoadAsync(Keys.B);

        Assert.False(victim.CanRead);
    }

    [Fact]
    public async Task RentAsync_VictimIsNotDisposable_MakesPlace()
    {
        await using var cache = Create(maxGraphs: 1);
        (await cache.RentAsync(Keys.A, _ => Task.FromResult("text"))).Dispose();

        await cache.LoadAsync(Keys.B);

        Assert.Equal(1, cache.Statistics.Entries);
    }
}
