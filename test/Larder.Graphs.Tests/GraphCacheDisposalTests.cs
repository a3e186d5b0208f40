using Larder.TestKit;

namespace Larder.Graphs.Tests;

public sealed class GraphCacheDisposalTests
{
    private const string Gpu = "gpu0";

    private readonly ManualTimeProvider _time = new();
    private readonly RecordingLogger<GraphCache> _log = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task RemoveAsync_DisposalHangs_IsReportedAtItsDeadlineAndItsBytesAreShownAsLost()
    {
        await using var cache = Create();
        var graph = new FakeGraph { DisposalGate = _gate.Task };
        await cache.LoadAsync(Wish.For(Keys.A, 60, graph: graph));
        var removal = cache.RemoveAsync(Keys.A);
        await graph.Disposing;

        await _time.AdvanceWhenWaitedForAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(EvictOutcome.Removed, await removal);
        Assert.Equal((0, 60), (cache.Device().DrainingBytes, cache.Device().LostBytes));
        Assert.Equal(1, cache.GetStatistics().LateDisposals);
        await _log.WaitForAsync("60 bytes on host count as lost");
        _gate.SetResult();
    }

    [Fact]
    public async Task RentAsync_BytesAreLost_TheyCountUntilTheDisposalEndsAfterAll()
    {
        await using var cache = Create(maxBytes: 100);
        await LoseAsync(cache, 60);
        var rent = cache.TakeAsync(Wish.For(Keys.B, 60));
        Assert.False(rent.IsCompleted);

        _gate.SetResult();

        (await rent).Dispose();
        Assert.Equal(0, cache.Device().LostBytes);
        Assert.Equal(0, cache.GetStatistics().LateDisposals);
    }

    [Fact]
    public async Task RentAsync_BytesAreLost_TheRefusalNamesThem()
    {
        await using var cache = Create(maxBytes: 100);
        await LoseAsync(cache, 60);
        var rent = cache.TakeAsync(Wish.For(Keys.B, 60));

        _time.Advance(TimeSpan.FromSeconds(30));

        var refused = await Assert.ThrowsAsync<GraphRoomException>(() => rent);
        Assert.Contains("graphs whose disposal is late 60", refused.Message, StringComparison.Ordinal);
        _gate.SetResult();
    }

    [Fact]
    public async Task RemoveAsync_DisposalHangs_TheNextOfTheDeviceIsDisposedAfterItsDeadline()
    {
        await using var cache = Create();
        var hung = new FakeGraph { DisposalGate = _gate.Task };
        await cache.LoadAsync(Wish.For(Keys.A, graph: hung));
        var next = await cache.LoadAsync(Wish.For(Keys.B));
        _ = cache.RemoveAsync(Keys.A);
        var removal = cache.RemoveAsync(Keys.B);
        await hung.Disposing;
        Assert.False(next.IsDisposed);

        await _time.AdvanceWhenWaitedForAsync(TimeSpan.FromSeconds(30));

        await removal;
        Assert.True(next.IsDisposed);
        _gate.SetResult();
    }

    [Fact]
    public async Task RemoveAsync_DisposalIsSlow_AnotherDevicesIsNotHeldUp()
    {
        await using var cache = Create();
        var slow = new FakeGraph { DisposalGate = _gate.Task };
        await cache.LoadAsync(Wish.On(Gpu, Keys.A, 1, slow));
        await cache.LoadAsync(Wish.For(Keys.B));
        var first = cache.RemoveAsync(Keys.A);
        await slow.Disposing;

        Assert.Equal(EvictOutcome.Removed, await cache.RemoveAsync(Keys.B));

        Assert.False(first.IsCompleted);
        _gate.SetResult();
        await first;
    }

    [Fact]
    public async Task RemoveAsync_DisposalBlocksItsThread_IsReportedAtItsDeadlineToo()
    {
        await using var cache = Create();
        using var blocked = new ManualResetEventSlim();
        var disposing = new TaskCompletionSource();
        var graph = new BlockingGraph(disposing, blocked);
        await using (await cache.RentAsync(Keys.A, _ => Task.FromResult(graph))) { }
        var removal = cache.RemoveAsync(Keys.A);
        await disposing.Task;

        await _time.AdvanceWhenWaitedForAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(EvictOutcome.Removed, await removal);
        Assert.Equal(1, cache.GetStatistics().LateDisposals);
        blocked.Set();
    }

    [Fact]
    public async Task DisposeAsync_DisposalHangs_CompletesAfterItsDeadline()
    {
        var cache = Create();
        var graph = new FakeGraph { DisposalGate = _gate.Task };
        await cache.LoadAsync(Wish.For(Keys.A, graph: graph));
        var disposal = cache.DisposeAsync().AsTask();
        await graph.Disposing;

        await _time.AdvanceWhenWaitedForAsync(TimeSpan.FromSeconds(30));

        await disposal;
        _gate.SetResult();
    }

    [Fact]
    public async Task RemoveAsync_DisposableInBothWays_IsDisposedAsynchronouslyOnce()
    {
        await using var cache = Create();
        var graph = new GraphOfTwoDisposals();
        await using (await cache.RentAsync(Keys.A, _ => Task.FromResult(graph))) { }

        await cache.RemoveAsync(Keys.A);

        Assert.Equal((1, 0), (graph.Async, graph.Sync));
    }

    [Fact]
    public async Task RemoveAsync_DisposalThrows_IsLoggedAndCountedAndFreesItsBytes()
    {
        await using var cache = Create();
        var graph = new FakeGraph { DisposalGate = Task.FromException(new IOException("The device is gone.")) };
        await cache.LoadAsync(Wish.For(Keys.A, 60, graph: graph));

        Assert.Equal(EvictOutcome.Removed, await cache.RemoveAsync(Keys.A));

        await _log.WaitForAsync("may still hold memory");
        Assert.Equal((1, 0, 0), (cache.Statistics.Failures, cache.Device().DrainingBytes, cache.Device().Graphs));
    }

    private async Task LoseAsync(GraphCache cache, long bytes)
    {
        var graph = new FakeGraph { DisposalGate = _gate.Task };
        await cache.LoadAsync(Wish.For(Keys.A, bytes, graph: graph));
        var removal = cache.RemoveAsync(Keys.A);
        await graph.Disposing;
        await _time.AdvanceWhenWaitedForAsync(TimeSpan.FromSeconds(30));
        await removal;
    }

    private GraphCache Create(long? maxBytes = null) =>
        new(new GraphCacheOptions { MaxBytes = maxBytes, MemoryPressure = null }, _time, _log);

    private sealed class BlockingGraph(TaskCompletionSource disposing, ManualResetEventSlim blocked) : IDisposable
    {
        public void Dispose()
        {
            disposing.SetResult();
            blocked.Wait();
        }
    }

    private sealed class GraphOfTwoDisposals : IAsyncDisposable, IDisposable
    {
        public int Async { get; private set; }

        public int Sync { get; private set; }

        public ValueTask DisposeAsync()
        {
            Async++;
            return ValueTask.CompletedTask;
        }

        public void Dispose() => Sync++;
    }
}
