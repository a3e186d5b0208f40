using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Larder.TestKit;

namespace Larder.Graphs.Tests;

public sealed class GraphCacheEventTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentQueue<GraphEventArgs> _events = new();

    [Fact]
    public async Task Happened_LoadEvictionDisposal_TellsEachInOrder()
    {
        var cache = Create(maxGraphs: 1);
        await cache.LoadAsync(Wish.For(Keys.A, 60));
        _time.Advance(TimeSpan.FromMinutes(3));

        await cache.LoadAsync(Wish.For(Keys.B));
        await cache.DisposeAsync();

        var first = _events.Where(what => what.Key.Equals(Keys.A)).ToList();
        Assert.Equal(
            [GraphEventKind.Loaded, GraphEventKind.Evicted, GraphEventKind.Disposed],
            first.Select(what => what.Kind)
        );
        Assert.Equal((EvictionReason.Room, TimeSpan.FromMinutes(3)), (first[1].Reason, first[1].Duration));
        Assert.Equal(60, first[1].Size.BytesOn(GraphDevice.Host));
        Assert.Contains(_events, what => what is { Kind: GraphEventKind.Evicted, Reason: EvictionReason.Closed });
    }

    [Fact]
    public async Task Happened_LoadFails_TellsWhy()
    {
        var told = new TaskCompletionSource<GraphEventArgs>();
        await using var cache = Create();
        cache.Happened += (_, what) => told.TrySetResult(what);
        var failure = new IOException("The disk is gone.");

        var rent = cache.TakeAsync(new GraphRequest<FakeGraph>(Keys.A, (_, _) => throw failure));

        await Assert.ThrowsAsync<IOException>(() => rent);
        var what = await told.Task;
        Assert.Equal((GraphEventKind.LoadFailed, Keys.A), (what.Kind, what.Key));
        Assert.Same(failure, what.Failure);
    }

    [Fact]
    public async Task Happened_HandlerThrows_IsLoggedAndGoesNoFurther()
    {
        var log = new RecordingLogger<GraphCache>();
        await using var cache = new GraphCache(new GraphCacheOptions(), _time, log);
        cache.Happened += (_, _) => throw new InvalidOperationException("The handler is broken.");

        await cache.LoadAsync(Wish.For(Keys.A));

        await log.WaitForAsync("A handler of the event Loaded");
    }

    [Fact]
    public async Task Happened_HandlerUsesTheCache_DoesNotBlock()
    {
        await using var cache = Create();
        var listed = new TaskCompletionSource<int>();
        cache.Happened += (_, _) => listed.TrySetResult(cache.ListGraphs().Count);

        await cache.LoadAsync(Wish.For(Keys.A));

        Assert.Equal(1, await listed.Task);
    }

    [Fact]
    public async Task Report_TwoWait_BothHearAndTheLateOneHearsWhatWasSaidBefore()
    {
        await using var cache = Create();
        var (started, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var (early, late) = (new Progress(), new Progress());
        async Task<FakeGraph> LoadAsync(GraphLoad load, CancellationToken cancellationToken)
        {
            load.Report(0.25);
            started.SetResult();
            await goOn.Task;
            load.Report(0.75);
            return new FakeGraph();
        }
        var first = cache.TakeAsync(new GraphRequest<FakeGraph>(Keys.A, LoadAsync) { Progress = early });
        await started.Task;
        var second = cache.TakeAsync(new GraphRequest<FakeGraph>(Keys.A, LoadAsync) { Progress = late });

        goOn.SetResult();

        (await first).Dispose();
        (await second).Dispose();
        Assert.Equal([0.25, 0.75], early.Values);
        Assert.Equal([0.25, 0.75], late.Values);
    }

    [Fact]
    public async Task Report_ListenerThrows_TheLoadGoesOn()
    {
        await using var cache = Create();
        var broken = new BrokenProgress();
        var request = new GraphRequest<FakeGraph>(
            Keys.A,
            (load, _) =>
            {
                load.Report(0.5);
                return Task.FromResult(new FakeGraph());
            }
        )
        {
            Progress = broken,
        };

        (await cache.TakeAsync(request)).Dispose();
    }

    [Fact]
    public async Task Meter_AfterAMissAndAHit_ShowsThem()
    {
        Dictionary<string, double> values = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name.StartsWith("larder.graphs.", StringComparison.Ordinal))
                self.EnableMeasurementEvents(instrument);
        };
        // Other tests' caches are seen too: only what this one alone can have is asserted.
        void Keep<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
            where T : struct
        {
            var name = instrument.Name + string.Concat(tags.ToArray().Select(tag => $" {tag.Value}"));
            lock (values)
                values[name] = Math.Max(
                    values.GetValueOrDefault(name),
                    Convert.ToDouble(value, CultureInfo.InvariantCulture)
                );
        }
        listener.SetMeasurementEventCallback<long>(Keep);
        listener.SetMeasurementEventCallback<double>(Keep);
        listener.Start();
        await using var cache = Create();
        await cache.LoadAsync(Wish.On("gpu42", Keys.A, 1234));
        await cache.LoadAsync(Wish.On("gpu42", Keys.A, 1234));

        listener.RecordObservableInstruments();

        lock (values)
        {
            Assert.Equal(1234, values["larder.graphs.bytes gpu42 used"]);
            Assert.InRange(values["larder.graphs.hits"], 1, double.MaxValue);
            Assert.InRange(values["larder.graphs.misses"], 1, double.MaxValue);
            Assert.Contains("larder.graphs.load.duration", values.Keys);
        }
    }

    private GraphCache Create(int maxGraphs = 4)
    {
        var cache = new GraphCache(new GraphCacheOptions { MaxGraphs = maxGraphs, Policy = "lru" }, _time);
        cache.Happened += (_, what) => _events.Enqueue(what);
        return cache;
    }

    private sealed class Progress : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }

    private sealed class BrokenProgress : IProgress<double>
    {
        public void Report(double value) => throw new InvalidOperationException("The listener is broken.");
    }
}
