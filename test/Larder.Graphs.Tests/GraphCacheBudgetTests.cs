using Larder.TestKit;

namespace Larder.Graphs.Tests;

public sealed class GraphCacheBudgetTests
{
    private const string Gpu = "gpu0";

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task RentAsync_BytesAreShort_EvictsAsManyAsAreNeeded()
    {
        await using var cache = Create(maxBytes: 100);
        var first = await cache.LoadAsync(Wish.For(Keys.A, 40));
        var second = await cache.LoadAsync(Wish.For(Keys.B, 40));
        var third = await cache.LoadAsync(Wish.For(Keys.C, 20));

        await cache.LoadAsync(Wish.For(Keys.D, 70));

        Assert.True(first.IsDisposed && second.IsDisposed);
        Assert.False(third.IsDisposed);
        Assert.Equal((90, 0), (cache.Device().UsedBytes, cache.Device().DrainingBytes));
    }

    [Fact]
    public async Task RentAsync_NotEnoughIsIdle_EvictsNothingInVain()
    {
        await using var cache = Create(maxBytes: 100);
        await using var leased = await cache.TakeAsync(Wish.For(Keys.A, 60));
        var idle = await cache.LoadAsync(Wish.For(Keys.B, 30));
        var rent = cache.TakeAsync(Wish.For(Keys.C, 50));

        _time.Advance(TimeSpan.FromSeconds(30));

        await Assert.ThrowsAsync<GraphRoomException>(() => rent);
        Assert.False(idle.IsDisposed);
    }

    [Fact]
    public async Task RentAsync_DuringTheLoad_TheEstimateIsReserved()
    {
        await using var cache = Create(maxBytes: 100);
        var load = new GatedLoad();
        var loading = cache.TakeAsync(Wish.Gated(Keys.A, load, 60));
        await load.Started;

        var other = cache.TakeAsync(Wish.For(Keys.B, 60));

        Assert.False(other.IsCompleted);
        Assert.Equal((0, 60), (cache.Device().UsedBytes, cache.Device().ReservedBytes));
        load.Succeed();
        (await loading).Dispose();
        (await other).Dispose();
    }

    [Fact]
    public async Task RentAsync_LoadMeasuresLess_TheRestIsFree()
    {
        await using var cache = Create(maxBytes: 100);
        await using var lease = await cache.TakeAsync(Wish.Measured(Keys.A, estimate: 90, bytes: 30));

        await using var other = await cache.TakeAsync(Wish.For(Keys.B, 70));

        Assert.Equal(100, cache.Device().UsedBytes);
    }

    [Fact]
    public async Task RentAsync_LoadMeasuresMore_IdleGraphsMakePlaceAfterwards()
    {
        await using var cache = Create(maxBytes: 100);
        var idle = await cache.LoadAsync(Wish.For(Keys.A, 60));

        await using var lease = await cache.TakeAsync(Wish.Measured(Keys.B, estimate: 40, bytes: 80));

        await idle.Disposing;
        Assert.Equal([Keys.B], cache.LoadedKeys());
        Assert.Equal(1, cache.Statistics.Evictions);
    }

    [Fact]
    public async Task RentAsync_MeasuredMoreAndOthersInUse_LetsNobodyInUntilItFits()
    {
        await using var cache = Create(maxBytes: 100);
        var leased = await cache.TakeAsync(Wish.For(Keys.A, 60));
        await using var large = await cache.TakeAsync(Wish.Measured(Keys.B, estimate: 40, bytes: 80));

        var rent = cache.TakeAsync(Wish.For(Keys.C, 10));

        Assert.False(rent.IsCompleted);
        leased.Dispose();
        (await rent).Dispose();
        Assert.Equal(90, cache.Device().UsedBytes);
    }

    [Fact]
    public async Task RentAsync_SecondTime_ReservesWhatWasMeasured()
    {
        await using var cache = Create(maxBytes: 100);
        await cache.LoadAsync(Wish.Measured(Keys.A, estimate: 10, bytes: 70));
        await cache.RemoveAsync(Keys.A);
        var load = new GatedLoad();
        var rent = cache.TakeAsync(Wish.Gated(Keys.A, load, bytes: 10));
        await load.Started;

        Assert.Equal(70, cache.Device().ReservedBytes);
        load.Succeed();
        (await rent).Dispose();
    }

    [Fact]
    public async Task RentAsync_LargerThanTheBudget_NeverFitsAndSaysSoAtOnce()
    {
        await using var cache = Create(maxBytes: 100);
        var idle = await cache.LoadAsync(Wish.For(Keys.A, 50));

        var refused = await Assert.ThrowsAsync<GraphTooLargeException>(() => cache.TakeAsync(Wish.For(Keys.B, 101)));

        Assert.Equal(
            (Keys.B, GraphDevice.Host, 100L, 101L),
            (refused.Key, refused.Device, refused.Limit, refused.Actual)
        );
        Assert.Contains("Raise MaxBytes", refused.Message, StringComparison.Ordinal);
        Assert.False(idle.IsDisposed);
        Assert.Equal((1, 1), (cache.Statistics.Misses, cache.Statistics.Failures));
    }

    [Fact]
    public async Task RentAsync_ProvesLargerThanTheBudget_IsDisposedAndNotTriedAgain()
    {
        await using var cache = Create(maxBytes: 100);
        var graph = new FakeGraph();
        var large = Wish.Measured(Keys.A, estimate: 10, bytes: 150, graph);

        await Assert.ThrowsAsync<GraphTooLargeException>(() => cache.TakeAsync(large));
        await graph.Disposing;

        var refused = await Assert.ThrowsAsync<GraphLoadException>(() => cache.TakeAsync(large));
        Assert.IsType<GraphTooLargeException>(refused.InnerException);
        Assert.Equal((0, 1), (cache.Statistics.Entries, cache.Statistics.Failures));
    }

    [Fact]
    public async Task RentAsync_MeasuredTooLargeByMistake_IsTriedAgainWhenThatIsForgotten()
    {
        await using var cache = Create(maxBytes: 100);
        await Assert.ThrowsAsync<GraphTooLargeException>(() =>
            cache.TakeAsync(Wish.Measured(Keys.A, estimate: 10, bytes: 150))
        );

        cache.ForgetFailure(Keys.A);

        await cache.LoadAsync(Wish.Measured(Keys.A, estimate: 10, bytes: 15));
        Assert.Equal(15, cache.Device().UsedBytes);
    }

    [Fact]
    public async Task RentAsync_DeviceIsFull_LeavesGraphsOfOtherDevicesAlone()
    {
        await using var cache = Create(devices: new() { [Gpu] = new DeviceBudget { MaxBytes = 10 } });
        var onHost = await cache.LoadAsync(Wish.For(Keys.A, 1000));
        var onGpu = await cache.LoadAsync(Wish.On(Gpu, Keys.B, 8));

        await cache.LoadAsync(Wish.On(Gpu, Keys.C, 8));

        Assert.True(onGpu.IsDisposed);
        Assert.False(onHost.IsDisposed);
        Assert.Equal((8, 10), (cache.Device(Gpu).UsedBytes, cache.Device(Gpu).MaxBytes));
    }

    [Fact]
    public async Task RentAsync_GraphOnTwoDevices_CountsOnBoth()
    {
        await using var cache = Create(maxBytes: 100, devices: new() { [Gpu] = new DeviceBudget { MaxBytes = 10 } });
        var request = new GraphRequest<FakeGraph>(Keys.A, (_, _) => Task.FromResult(new FakeGraph()))
        {
            EstimatedSize = GraphSize.On(Gpu, 7).And(GraphDevice.Host, 60),
        };

        await using var lease = await cache.TakeAsync(request);

        Assert.Equal((60, 7), (cache.Device().UsedBytes, cache.Device(Gpu).UsedBytes));
    }

    [Fact]
    public async Task RentAsync_DeviceHasAsManyGraphsAsItMay_EvictsOne()
    {
        await using var cache = Create(devices: new() { [Gpu] = new DeviceBudget { MaxGraphs = 1 } });
        var first = await cache.LoadAsync(Wish.On(Gpu, Keys.A, 0));

        await cache.LoadAsync(Wish.On(Gpu, Keys.B, 0));

        Assert.True(first.IsDisposed);
        Assert.Equal((1, 1), (cache.Device(Gpu).Graphs, cache.Device(Gpu).MaxGraphs));
    }

    [Fact]
    public async Task RentAsync_VictimsDisposalGoesOn_ItsBytesCount()
    {
        await using var cache = Create(maxBytes: 100);
        var gate = new TaskCompletionSource();
        await cache.LoadAsync(Wish.For(Keys.A, 60, graph: new FakeGraph { DisposalGate = gate.Task }));

        var rent = cache.TakeAsync(Wish.For(Keys.B, 60));

        Assert.False(rent.IsCompleted);
        Assert.Equal((0, 60), (cache.Device().UsedBytes, cache.Device().DrainingBytes));
        gate.SetResult();
        (await rent).Dispose();
        Assert.Equal((60, 0), (cache.Device().UsedBytes, cache.Device().DrainingBytes));
    }

    [Fact]
    public async Task Reconfigure_LowerLimits_EvictsOnlyWhatNoLongerFits()
    {
        await using var cache = Create(maxBytes: 100);
        var first = await cache.LoadAsync(Wish.For(Keys.A, 40));
        var second = await cache.LoadAsync(Wish.For(Keys.B, 40));

        cache.Reconfigure(Options(maxBytes: 50));

        await first.Disposing;
        Assert.False(second.IsDisposed);
        Assert.Equal([Keys.B], cache.LoadedKeys());
    }

    [Fact]
    public async Task Reconfigure_LimitThatStillFits_DropsNothing()
    {
        await using var cache = Create(maxBytes: 100);
        await cache.LoadAsync(Wish.For(Keys.A, 40));
        await cache.LoadAsync(Wish.For(Keys.B, 40));

        cache.Reconfigure(Options(maxBytes: 80, maxGraphs: 2));

        Assert.Equal(2, cache.ListGraphs().Count);
        Assert.Equal(0, cache.Statistics.Evictions);
    }

    [Fact]
    public async Task Reconfigure_HigherLimit_LetsWaitersIn()
    {
        await using var cache = Create(maxBytes: 100);
        await using var lease = await cache.TakeAsync(Wish.For(Keys.A, 80));
        var rent = cache.TakeAsync(Wish.For(Keys.B, 80));

        cache.Reconfigure(Options(maxBytes: 200));

        (await rent).Dispose();
    }

    [Fact]
    public async Task Reconfigure_WaiterNeverFitsAnyMore_Hears()
    {
        await using var cache = Create(maxBytes: 100);
        await using var lease = await cache.TakeAsync(Wish.For(Keys.A, 80));
        var rent = cache.TakeAsync(Wish.For(Keys.B, 80));

        cache.Reconfigure(Options(maxBytes: 70));

        await Assert.ThrowsAsync<GraphTooLargeException>(() => rent);
    }

    [Fact]
    public async Task Reconfigure_LeasedAboveTheLimit_GoesWhenReturned()
    {
        await using var cache = Create(maxBytes: 100);
        var lease = await cache.TakeAsync(Wish.For(Keys.A, 80));
        cache.Reconfigure(Options(maxBytes: 50));
        Assert.False(lease.Graph.IsDisposed);
        var graph = lease.Graph;

        lease.Dispose();

        await graph.Disposing;
    }

    [Fact]
    public async Task Reconfigure_ZeroGraphs_IsRefusedAndChangesNothing()
    {
        await using var cache = Create(maxBytes: 100);
        await cache.LoadAsync(Wish.For(Keys.A, 40));

        var refused = Assert.Throws<ArgumentException>(() => cache.Reconfigure(Options(maxBytes: 0, maxGraphs: 0)));

        Assert.Contains("MaxGraphs is 0", refused.Message, StringComparison.Ordinal);
        Assert.Contains("MaxBytes is 0", refused.Message, StringComparison.Ordinal);
        Assert.Single(cache.ListGraphs());
    }

    private static GraphCacheOptions Options(
        long? maxBytes = null,
        int maxGraphs = 32,
        Dictionary<string, DeviceBudget>? devices = null
    ) =>
        new()
        {
            MaxBytes = maxBytes,
            MaxGraphs = maxGraphs,
            Devices = devices ?? [],
            Policy = "lru",
        };

    private GraphCache Create(long? maxBytes = null, Dictionary<string, DeviceBudget>? devices = null) =>
        new(Options(maxBytes, devices: devices), _time);
}
