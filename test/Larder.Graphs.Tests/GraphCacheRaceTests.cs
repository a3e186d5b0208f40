using Larder.Graphs.Pressure;
using Larder.TestKit;

namespace Larder.Graphs.Tests;

/// <summary>Moments that meet each other badly, each of which once broke a promise of the cache.</summary>
public sealed partial class GraphCacheRaceTests
{
    private const string Gpu = "gpu0";

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Dispose_LeaseOfAClosedCacheThatOthersWaitFor_EndsTheCache()
    {
        var cache = Create();
        var lease = await cache.TakeAsync(Wish.For(Keys.A, 10, GraphUse.Exclusive));
        var next = cache.TakeAsync(Wish.For(Keys.A, 10, GraphUse.Exclusive));
        var disposal = cache.DisposeAsync().AsTask();

        lease.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => next);
        await disposal;
    }

    [Fact]
    public async Task RelievePressure_PartOfAGraphThatIsBeingDisposed_Stays()
    {
        var memory = new FullMemory();
        await using var cache = new GraphCache(new GraphCacheOptions(), memory, _time);
        var (weights, gate) = (new FakeGraph(), new TaskCompletionSource());
        var session = new FakeGraph { DisposalGate = gate.Task };
        var request = new GraphRequest<FakeGraph>(Keys.B, (_, _) => Task.FromResult(session))
        {
            EstimatedSize = GraphSize.On(Gpu, 10),
            Parents = [Wish.For(Keys.A, 60, graph: weights)],
        };
        await cache.LoadAsync(request);
        var removal = cache.RemoveAsync(Keys.B);
        await session.Disposing;

        cache.RelievePressure();

        Assert.Equal([Keys.A], cache.LoadedKeys());
        Assert.False(weights.IsDisposed);
        gate.SetResult();
        await removal;
    }

    [Fact]
    public async Task RentAsync_FailureRememberedForEver_FailsItsCallerAndEndsTheCache()
    {
        var cache = Create(options => options.PermanentFailureFor = TimeSpan.MaxValue);

        await Assert.ThrowsAsync<FileNotFoundException>(() =>
            cache.TakeAsync(new GraphRequest<FakeGraph>(Keys.A, (_, _) => throw new FileNotFoundException()))
        );

        await Assert.ThrowsAsync<GraphLoadException>(() => cache.TakeAsync(Wish.For(Keys.A)));
        await cache.DisposeAsync();
    }

    [Fact]
    public void Parents_TheGraphItself_AreRefused()
    {
        var cycle = Wish.For(Keys.B, parents: Wish.For(Keys.A));

        var refused = Assert.Throws<ArgumentException>(() => Wish.For(Keys.A, parents: cycle));

        Assert.Contains("cannot be a part of itself", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Wish.For(Keys.A, parents: [null!]));
        Assert.Throws<ArgumentException>(() => Wish.For(Keys.A, parents: [Wish.For(Keys.B), Wish.For(Keys.B)]));
    }

    [Fact]
    public async Task RentAsync_SomebodyProvesTooLargeForTheQueue_ThoseBehindAreServed()
    {
        await using var cache = Create(options => options.WaitForRoom = Timeout.InfiniteTimeSpan);
        var lease = await cache.TakeAsync(Wish.For(Keys.D, 40));
        var load = new GatedLoad();
        var growing = cache.TakeAsync(
            new GraphRequest<FakeGraph>(
                Keys.A,
                async (graph, token) =>
                {
                    var loaded = await load.RunAsync(token);
                    graph.Size = GraphSize.OfHost(90);
                    return loaded;
                }
            )
            {
                EstimatedSize = GraphSize.OfHost(50),
            }
        );
        await load.Started;
        // With what graph A will turn out to take, these two will never fit together.
        var both = cache.RentAllAsync([Wish.For(Keys.A, 50), Wish.For(Keys.B, 40)]);
        var small = cache.TakeAsync(Wish.For(Keys.C, 9));

        load.Succeed();
        (await growing).Dispose();

        await Assert.ThrowsAsync<GraphTooLargeException>(() => both);
        lease.Dispose();
        (await small).Dispose();
    }

    [Fact]
    public async Task RentAsync_WeightsAreThereForANewSession_AreNotEvictedForIt()
    {
        await using var cache = Create();
        var weights = Wish.For(Keys.A, 60, graph: new FakeGraph());
        var loaded = await cache.LoadAsync(weights);
        var other = await cache.LoadAsync(Wish.For(Keys.C, 35));

        (await cache.TakeAsync(Wish.For(Keys.B, 10, parents: weights))).Dispose();

        Assert.False(loaded.IsDisposed);
        Assert.True(other.IsDisposed);
    }

    [Fact]
    public async Task RentAsync_PartOfALostGraph_IsNotCountedOnForRoom()
    {
        await using var cache = Create();
        var (session, gate) = LateGraph();
        await cache.LoadAsync(Wish.For(Keys.B, 0, graph: session, parents: Wish.For(Keys.A, 60)));
        await LoseAsync(cache, Keys.B, session);
        await cache.LoadAsync(Wish.For(Keys.C, 35));

        await cache.LoadAsync(Wish.For(Keys.D, 30));

        Assert.Equivalent(new[] { Keys.A, Keys.D }, cache.LoadedKeys(), strict: true);
        gate.SetResult();
    }

    [Fact]
    public async Task DisposeAsync_LostGraphWithAPart_DoesNotWaitForThem()
    {
        var cache = Create();
        var (session, gate) = LateGraph();
        var weights = new FakeGraph();
        await cache.LoadAsync(Wish.For(Keys.B, 0, graph: session, parents: Wish.For(Keys.A, 60, graph: weights)));
        var disposal = cache.DisposeAsync().AsTask();
        await session.Disposing;

        await _time.AdvanceWhenWaitedForAsync(TimeSpan.FromSeconds(30));

        await disposal;
        Assert.False(weights.IsDisposed);
        gate.SetResult();
        await weights.Disposing;
    }

    [Fact]
    public async Task DisposeAsync_LoadThatNeverEnds_DoesNotWaitBeyondItsDeadline()
    {
        var cache = Create(options => options.LoadDeadline = TimeSpan.FromSeconds(7));
        var load = new GatedLoad { IgnoresCancellation = true };
        var rent = cache.TakeAsync(Wish.Gated(Keys.A, load));
        await load.Started;
        var disposal = cache.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => rent);

        await _time.AdvanceWhenWaitedForAsync(TimeSpan.FromSeconds(7));

        await disposal;
        Assert.Equal((1, 1), (cache.GetStatistics().LateLoads, cache.GetStatistics().Loading));
        await load.Succeed().Disposing;
    }

    [Fact]
    public async Task WarmAsync_ListThatWaitsForTheCache_IsReadOutsideTheLock()
    {
        await using var cache = Create();
        IEnumerable<GraphRequest> List()
        {
            // On another thread, which must get the lock.
            var other = new Thread(() => cache.TryRent<FakeGraph>(Keys.A, out _));
            other.Start();
            other.Join();
            yield return Wish.For(Keys.B, 1);
        }

        Assert.Single(await cache.WarmAsync(List()));
    }

    [Fact]
    public async Task RemoveIdle_LastTickAfterTheOptionWasTakenBack_RemovesNothing()
    {
        await using var cache = Create(options => options.IdleTimeout = TimeSpan.FromMinutes(10));
        await cache.LoadAsync(Wish.For(Keys.A, 1));
        cache.Reconfigure(new GraphCacheOptions());

        cache.RemoveIdle();

        Assert.Single(cache.ListGraphs());
    }

    [Fact]
    public async Task RentAsync_AnotherWaitsForAnotherDevice_DoesNotWaitBehindHim()
    {
        await using var cache = Create(options =>
        {
            options.Devices[Gpu] = new DeviceBudget { MaxBytes = 100 };
            options.Devices["gpu1"] = new DeviceBudget { MaxBytes = 100 };
        });
        var lease = await cache.TakeAsync(Wish.On(Gpu, Keys.A, 100));
        var waiting = cache.TakeAsync(Wish.On(Gpu, Keys.B, 100));

        (await cache.TakeAsync(Wish.On("gpu1", Keys.C, 100))).Dispose();

        Assert.False(waiting.IsCompleted);
        lease.Dispose();
        (await waiting).Dispose();
    }

    [Fact]
    public async Task RentAsync_ManyWaitForOneGraphOfAnotherDevice_TheyCountAsOne()
    {
        await using var cache = Create(options =>
        {
            options.MaxGraphs = 4;
            options.Devices[Gpu] = new DeviceBudget { MaxBytes = 100 };
        });
        var lease = await cache.TakeAsync(Wish.On(Gpu, Keys.A, 100));
        var waiting = Enumerable.Range(0, 5).Select(_ => cache.TakeAsync(Wish.On(Gpu, Keys.B, 100))).ToArray();

        (await cache.TakeAsync(Wish.For(Keys.C, 10))).Dispose();

        Assert.All(waiting, rent => Assert.False(rent.IsCompleted));
        lease.Dispose();
        foreach (var rent in waiting)
            (await rent).Dispose();
    }

    [Fact]
    public async Task RentAsync_AnotherWaitsForMoreOfTheSameDevice_WaitsBehindHim()
    {
        await using var cache = Create();
        var lease = await cache.TakeAsync(Wish.For(Keys.A, 60));
        var large = cache.TakeAsync(Wish.For(Keys.B, 90));

        var small = cache.TakeAsync(Wish.For(Keys.C, 20));

        Assert.False(small.IsCompleted);
        lease.Dispose();
        (await large).Dispose();
        (await small).Dispose();
    }

    [Fact]
    public async Task RentAsync_PartReturnedWhileItsSessionIsIdle_BothMakePlace()
    {
        await using var cache = Create();
        var weights = Wish.For(Keys.A, 50);
        await cache.LoadAsync(Wish.For(Keys.B, 10, parents: weights));
        var lease = await cache.TakeAsync(weights);
        var large = cache.TakeAsync(Wish.For(Keys.C, 90));

        lease.Dispose();

        (await large).Dispose();
    }

    [Fact]
    public async Task RentAllAsync_OneKeyAsTwoTypes_IsRefused()
    {
        await using var cache = Create();
        var asObject = new GraphRequest<object>(Keys.A, (_, _) => Task.FromResult(new object()));

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            cache.RentAllAsync([Wish.For(Keys.B, 1, parents: asObject), Wish.For(Keys.A, 1)])
        );

        Assert.Equal(0, cache.Device().Graphs);
    }

    private GraphCache Create(Action<GraphCacheOptions>? configure = null)
    {
        var options = new GraphCacheOptions
        {
            MaxBytes = 100,
            Policy = "lru",
            MemoryPressure = null,
        };
        configure?.Invoke(options);
        return new GraphCache(options, _time);
    }

    private static (FakeGraph Graph, TaskCompletionSource Gate) LateGraph()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (new FakeGraph { DisposalGate = gate.Task }, gate);
    }

    private async Task LoseAsync(GraphCache cache, Content.EntryKey key, FakeGraph graph)
    {
        var removal = cache.RemoveAsync(key);
        await graph.Disposing;
        await _time.AdvanceWhenWaitedForAsync(TimeSpan.FromSeconds(30));
        await removal;
    }

    private sealed class FullMemory : IMemoryGauge
    {
        public MemoryMeasure Measure() => new(1, 1);
    }
}
