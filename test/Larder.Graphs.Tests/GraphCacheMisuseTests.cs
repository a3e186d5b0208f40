using Larder.TestKit;

namespace Larder.Graphs.Tests;

/// <summary>Bad input and misuse: each is told clearly, and the counters are right afterwards.</summary>
public sealed class GraphCacheMisuseTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task RentAsync_AllLeasedAndTheDeadlinePassed_LeavesTheCountersRight()
    {
        await using var cache = Create();
        await using var lease = await cache.TakeAsync(Wish.For(Keys.A, 80));
        var rent = cache.TakeAsync(Wish.For(Keys.B, 30));
        _time.Advance(TimeSpan.FromSeconds(30));
        var refused = await Assert.ThrowsAsync<GraphRoomException>(() => rent);

        Assert.Contains("it needs 30 bytes on host", refused.Message, StringComparison.Ordinal);
        Assert.Contains("of 100 loaded graphs have 80", refused.Message, StringComparison.Ordinal);
        AssertCounters(cache, entries: 1, usedBytes: 80, failures: 1);
        var statistics = cache.GetStatistics();
        Assert.Equal((1, 0, TimeSpan.FromSeconds(30)), (statistics.Waits, statistics.Waiting, statistics.WaitTime));
    }

    [Fact]
    public async Task RentAsync_LoadThrows_LeavesTheCountersRight()
    {
        await using var cache = Create();
        await Assert.ThrowsAsync<IOException>(() =>
            cache.TakeAsync(Sized(new GraphRequest<FakeGraph>(Keys.A, (_, _) => throw new IOException()), 50))
        );

        AssertCounters(cache, entries: 0, usedBytes: 0, failures: 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RentAsync_LoadReturnsNull_SaysSoAndLeavesTheCountersRight(bool isTaskNull)
    {
        await using var cache = Create();
        var loading = isTaskNull ? null! : Task.FromResult<FakeGraph>(null!);
        var request = new GraphRequest<FakeGraph>(Keys.A, (_, _) => loading);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => cache.TakeAsync(request));

        Assert.Contains("returned null", failure.Message, StringComparison.Ordinal);
        AssertCounters(cache, entries: 0, usedBytes: 0, failures: 1);
    }

    [Fact]
    public async Task Dispose_LeaseTwiceAndItsCopy_ReturnsOnce()
    {
        await using var cache = Create();
        var lease = await cache.TakeAsync(Wish.For(Keys.A, 50));
        var copy = lease;
        await using var other = await cache.TakeAsync(Wish.For(Keys.A, 50));

        lease.Dispose();
        copy.Dispose();
        await lease.DisposeAsync();

        Assert.Equal(1, Assert.Single(cache.ListGraphs()).Leases);
        Assert.Throws<ObjectDisposedException>(() => copy.Graph);
        Assert.NotNull(other.Graph);
    }

    [Fact]
    public void Graph_OfNoLease_SaysThatItWasNotRented()
    {
        var lease = default(GraphLease<FakeGraph>);

        lease.Dispose();

        Assert.Throws<InvalidOperationException>(() => lease.Graph);
    }

    [Fact]
    public void Create_EveryLimitZero_NamesEach()
    {
        var options = new GraphCacheOptions
        {
            MaxGraphs = 0,
            MaxBytes = 0,
            Devices = new Dictionary<string, DeviceBudget>
            {
                ["gpu0"] = new() { MaxBytes = 0, MaxGraphs = 0 },
                ["gpu1"] = null!,
            },
            MemoryPressure = new MemoryPressureOptions { High = double.NaN, Interval = TimeSpan.Zero },
            WaitForTurn = TimeSpan.Zero,
            LoadDeadline = TimeSpan.Zero,
            DisposalDeadline = TimeSpan.Zero,
            IdleTimeout = TimeSpan.Zero,
            PermanentFailureFor = TimeSpan.FromSeconds(-1),
        };

        Assert.Equal(12, options.FindFaults().Count);
    }

    [Fact]
    public void FindFaults_HostTwice_SaysThatBothMeanTheSame()
    {
        var options = new GraphCacheOptions
        {
            MaxBytes = 5,
            Devices = new Dictionary<string, DeviceBudget> { ["host"] = new() { MaxBytes = 6 } },
        };

        Assert.Contains("they mean the same", Assert.Single(options.FindFaults()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RentAsync_NoKeyNoLoadNoRequest_IsRefused()
    {
        await using var cache = Create();

        Assert.Throws<ArgumentNullException>(() =>
            new GraphRequest<FakeGraph>(null!, (_, _) => Task.FromResult(new FakeGraph()))
        );
        Assert.Throws<ArgumentNullException>(() => new GraphRequest<FakeGraph>(Keys.A, null!));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await cache.RentAsync<FakeGraph>(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => cache.RentAllAsync(null!));
    }

    [Fact]
    public async Task AnyVerb_AfterDisposal_Throws()
    {
        var cache = Create();
        await cache.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.TakeAsync(Wish.For(Keys.A)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.RentAllAsync([Wish.For(Keys.A)]));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.WarmAsync([Wish.For(Keys.A)]));
        Assert.Throws<ObjectDisposedException>(() => cache.TryRent<FakeGraph>(Keys.A, out _));
        Assert.Throws<ObjectDisposedException>(() => cache.Reconfigure(new GraphCacheOptions()));
    }

    [Fact]
    public async Task RentAsync_Hit_AllocatesNothing()
    {
        const int hits = 10_000;
        await using var cache = Create();
        Func<CancellationToken, Task<FakeGraph>> load = _ => throw new InvalidOperationException();
        await cache.LoadAsync(Wish.For(Keys.A));
        var before = 0L;
        for (var i = -100; i < hits; i++)
        {
            if (i is 0)
                before = GC.GetAllocatedBytesForCurrentThread();
            using var one = await cache.RentAsync(Keys.A, load);
        }

        // A collection of others may round this thread's count up by a few kilobytes once.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, hits * 2);
    }

    private static GraphRequest<FakeGraph> Sized(GraphRequest<FakeGraph> request, long bytes) =>
        new(request.Key, request.Load) { EstimatedSize = GraphSize.OfHost(bytes) };

    private static void AssertCounters(GraphCache cache, long entries, long usedBytes, long failures)
    {
        var device = cache.Device();
        Assert.Equal((entries, failures), (cache.Statistics.Entries, cache.Statistics.Failures));
        Assert.Equal(
            (usedBytes, 0L, 0L, 0L),
            (device.UsedBytes, device.ReservedBytes, device.DrainingBytes, device.LostBytes)
        );
        Assert.Equal(entries, device.Graphs);
    }

    private GraphCache Create() => new(new GraphCacheOptions { MaxBytes = 100 }, _time);
}
