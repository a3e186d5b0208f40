using Larder.Graphs.Pressure;
using Larder.TestKit;

namespace Larder.Graphs.Tests;

public sealed class GraphCacheUpkeepTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly FakeMemory _memory = new();
    private readonly RecordingLogger<GraphCache> _log = new();

    [Fact]
    public async Task IdleTimeout_Passed_TheGraphGoes()
    {
        await using var cache = Create(idleTimeout: TimeSpan.FromMinutes(10));
        var graph = await cache.LoadAsync(Wish.For(Keys.A));
        await using var leased = await cache.TakeAsync(Wish.For(Keys.B));
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.False(graph.IsDisposed);

        _time.Advance(TimeSpan.FromMinutes(1));

        await graph.Disposing;
        Assert.Equal([Keys.B], cache.LoadedKeys());
        Assert.Equal(1, cache.Statistics.Evictions);
        Assert.Equal(TimeSpan.FromMinutes(10), cache.GetStatistics().AgeAtEviction);
    }

    [Fact]
    public async Task IdleTimeout_UsedMeanwhile_BeginsAnew()
    {
        await using var cache = Create(idleTimeout: TimeSpan.FromMinutes(10));
        var graph = await cache.LoadAsync(Wish.For(Keys.A));
        _time.Advance(TimeSpan.FromMinutes(9));
        await cache.LoadAsync(Wish.For(Keys.A));

        _time.Advance(TimeSpan.FromMinutes(9));

        Assert.False(graph.IsDisposed);
    }

    [Fact]
    public async Task MemoryPressure_High_GivesBackOneLargeGraphAStep()
    {
        await using var cache = Create();
        await LoadAsync(cache, 3, bytes: 100);
        _memory.Load = 0.96;

        _time.Advance(Second);

        Assert.Equal(2, cache.ListGraphs().Count);
        Assert.True(cache.GetStatistics().IsUnderMemoryPressure);
        await _log.WaitForAsync("Memory is short: 96.0");
        _time.Advance(Second);
        Assert.Single(cache.ListGraphs());
    }

    [Fact]
    public async Task MemoryPressure_ManySmallGraphs_GivesBackAtMostFivePercentAStep()
    {
        await using var cache = Create();
        await LoadAsync(cache, 100, bytes: 10);
        _memory.Load = 1;

        _time.Advance(Second);

        Assert.Equal(95, cache.ListGraphs().Count);
    }

    [Fact]
    public async Task MemoryPressure_NobodyKnowsTheirSizes_GivesBackOneAStep()
    {
        await using var cache = Create();
        await LoadAsync(cache, 3, bytes: 0);
        _memory.Load = 1;

        _time.Advance(Second);

        Assert.Equal(2, cache.ListGraphs().Count);
    }

    [Fact]
    public async Task MemoryPressure_BetweenLowAndHigh_GoesOnOnlyIfItHadBegun()
    {
        await using var cache = Create();
        await LoadAsync(cache, 4, bytes: 100);
        _memory.Load = 0.92;
        _time.Advance(Second);
        Assert.Equal(4, cache.ListGraphs().Count);

        _memory.Load = 0.95;
        _time.Advance(Second);
        _memory.Load = 0.92;
        _time.Advance(Second);
        Assert.Equal(2, cache.ListGraphs().Count);

        _memory.Load = 0.89;
        _time.Advance(Second);
        _memory.Load = 0.94;
        _time.Advance(Second);
        Assert.Equal(2, cache.ListGraphs().Count);
        Assert.False(cache.GetStatistics().IsUnderMemoryPressure);
    }

    [Fact]
    public async Task MemoryPressure_NothingNewWasMeasured_WaitsForIt()
    {
        await using var cache = Create();
        await LoadAsync(cache, 3, bytes: 100);
        _memory.Load = 1;
        _time.Advance(Second);
        _memory.IsStale = true;

        _time.Advance(Second);

        Assert.Equal(2, cache.ListGraphs().Count);
    }

    [Fact]
    public async Task MemoryPressure_AllInUse_LeavesThem()
    {
        await using var cache = Create();
        await using var lease = await cache.TakeAsync(Wish.For(Keys.A, 100));
        _memory.Load = 1;

        _time.Advance(Second);

        Assert.False(lease.Graph.IsDisposed);
    }

    [Fact]
    public async Task MemoryPressure_GraphsOfAGpu_AreOfNoHelpAndStay()
    {
        await using var cache = Create();
        await cache.LoadAsync(Wish.On("gpu0", Keys.A, 100));
        _memory.Load = 1;

        _time.Advance(Second);

        Assert.Single(cache.ListGraphs());
    }

    [Fact]
    public async Task MemoryPressure_Off_GivesNothingBack()
    {
        await using var cache = new GraphCache(new GraphCacheOptions { MemoryPressure = null }, _memory, _time);
        await LoadAsync(cache, 3, bytes: 100);
        _memory.Load = 1;

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(3, cache.ListGraphs().Count);
    }

    [Fact]
    public async Task Reconfigure_OtherTimes_AreTheTimers()
    {
        await using var cache = Create();
        var graph = await cache.LoadAsync(Wish.For(Keys.A));

        cache.Reconfigure(new GraphCacheOptions { IdleTimeout = TimeSpan.FromSeconds(4) });
        _time.Advance(TimeSpan.FromSeconds(4));

        await graph.Disposing;
    }

    private static async Task LoadAsync(GraphCache cache, int count, long bytes)
    {
        for (var i = 0; i < count; i++)
            await cache.LoadAsync(Wish.For(Keys.Of($"graph {i}"), bytes));
    }

    private GraphCache Create(TimeSpan? idleTimeout = null) =>
        new(
            new GraphCacheOptions { MaxGraphs = 100, IdleTimeout = idleTimeout ?? Timeout.InfiniteTimeSpan },
            _memory,
            _time,
            _log
        );

    private sealed class FakeMemory : IMemoryGauge
    {
        private long _number;

        public double Load { get; set; }

        public bool IsStale { get; set; }

        public MemoryMeasure Measure() => new(Load, IsStale ? _number : ++_number);
    }
}
