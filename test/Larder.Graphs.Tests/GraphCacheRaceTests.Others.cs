using Microsoft.Extensions.Logging;

namespace Larder.Graphs.Tests;

/// <content>Code of others: loggers, listeners, handlers, loads that call back.</content>
public sealed partial class GraphCacheRaceTests
{
    [Fact]
    public async Task RemoveAsync_LoggerThrows_GraphsAreDisposedAllTheSame()
    {
        await using var cache = new GraphCache(new GraphCacheOptions(), _time, new BrokenLogger());
        var first = await cache.LoadAsync(Wish.For(Keys.A, 1));
        var second = await cache.LoadAsync(Wish.For(Keys.B, 1));

        await cache.RemoveAsync(Keys.A);
        await cache.RemoveAsync(Keys.B);

        Assert.True(first.IsDisposed && second.IsDisposed);
    }

    [Fact]
    public async Task RentAsync_SomebodyElseMakesRoom_TheLoadHasItsOwnCallersAmbientValues()
    {
        await using var cache = Create(options => options.MaxGraphs = 1);
        var ambient = new AsyncLocal<string>();
        string? seen = null;
        var lease = await cache.TakeAsync(Wish.For(Keys.A, 1));
        ambient.Value = "who waits";
        var rent = cache.TakeAsync(
            new GraphRequest<FakeGraph>(
                Keys.B,
                (_, _) =>
                {
                    seen = ambient.Value;
                    return Task.FromResult(new FakeGraph());
                }
            )
        );
        ambient.Value = "who returns";

        lease.Dispose();

        (await rent).Dispose();
        Assert.Equal("who waits", seen);
    }

    [Fact]
    public async Task Happened_HandlerWaitsForTheCache_HoldsUpNothing()
    {
        var cache = Create();
        var handled = new TaskCompletionSource();
        await cache.LoadAsync(Wish.For(Keys.A, 1));
        await cache.LoadAsync(Wish.For(Keys.B, 1));
        cache.Happened += (_, what) =>
        {
            if (what is not { Kind: GraphEventKind.Evicted } || !what.Key.Equals(Keys.A))
                return;
            cache.RemoveAsync(Keys.B).GetAwaiter().GetResult();
            cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
            handled.SetResult();
        };

        await cache.RemoveAsync(Keys.A);

        await handled.Task;
    }

    [Fact]
    public async Task Happened_OneHandlerThrows_TheOthersHear()
    {
        await using var cache = Create();
        var heard = new TaskCompletionSource();
        cache.Happened += (_, _) => throw new InvalidOperationException("The handler is broken.");
        cache.Happened += (_, _) => heard.TrySetResult();

        await cache.LoadAsync(Wish.For(Keys.A, 1));

        await heard.Task;
    }

    [Fact]
    public async Task Report_TwoCallersWithOneListener_OneLeavesTheOtherHears()
    {
        await using var cache = Create();
        var (told, load) = (new List<double>(), new GatedLoad());
        var report = new TaskCompletionSource<GraphLoad>();
        var request = new GraphRequest<FakeGraph>(
            Keys.A,
            (graph, token) =>
            {
                report.SetResult(graph);
                return load.RunAsync(token);
            }
        )
        {
            Progress = new Listener(told),
        };
        using var cancellation = new CancellationTokenSource();
        var first = cache.TakeAsync(request, cancellation.Token);
        var second = cache.TakeAsync(request);
        await load.Started;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        (await report.Task).Report(0.5);
        (await report.Task).Report(double.NaN);
        (await report.Task).Report(7);

        load.Succeed();
        (await second).Dispose();
        Assert.Equal([0.5, 1], told);
    }

    [Fact]
    public async Task RentAsync_WithinALoad_IsRefusedInPlaceOfWaitingForItself()
    {
        await using var cache = Create();
        var self = new GraphRequest<FakeGraph>(
            Keys.A,
            async (_, token) =>
            {
                await using var lease = await cache.RentAsync(Wish.For(Keys.A), token);
                return lease.Graph;
            }
        );

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => cache.TakeAsync(self));

        Assert.Contains("Parents", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RentAsync_ByWorkThatALoadHasStarted_IsAllowedAfterTheLoad()
    {
        await using var cache = Create();
        var (loaded, rented) = (new TaskCompletionSource(), new TaskCompletionSource());
        var request = new GraphRequest<FakeGraph>(
            Keys.A,
            (_, _) =>
            {
                _ = RentLaterAsync();
                return Task.FromResult(new FakeGraph());
            }
        );

        await cache.LoadAsync(request);
        loaded.SetResult();

        await rented.Task;

        async Task RentLaterAsync()
        {
            await loaded.Task;
            await cache.LoadAsync(Wish.For(Keys.B));
            rented.SetResult();
        }
    }

    private sealed class Listener(List<double> told) : IProgress<double>
    {
        public void Report(double value) => told.Add(value);
    }

    private sealed class BrokenLogger : ILogger<GraphCache>
    {
        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => throw new InvalidOperationException("The provider is broken.");

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;
    }
}
