using Larder.Graphs.Hosting;
using Larder.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Larder.Graphs.Tests.Hosting;

public sealed class GraphServicesTests
{
    [Fact]
    public async Task AddGraphs_Configured_IsOneCacheOfThoseLimitsThatTheContainerDisposes()
    {
        var graph = new FakeGraph();
        var services = new ServiceCollection();
        services.AddGraphs(options => options.MaxBytes = 50);
        await using (var provider = services.BuildServiceProvider())
        {
            var cache = provider.GetRequiredService<GraphCache>();
            Assert.Same(cache, provider.GetRequiredService<GraphCache>());
            Assert.Equal(50, cache.Device().MaxBytes);
            await cache.LoadAsync(Wish.For(Keys.A, graph: graph));
        }

        Assert.True(graph.IsDisposed);
    }

    [Fact]
    public async Task AddGraphs_OptionsWithFaults_TellsAllAtOnce()
    {
        var services = new ServiceCollection();
        services.AddGraphs(options => (options.MaxGraphs, options.Policy) = (0, "fifo"));
        await using var provider = services.BuildServiceProvider();

        var refused = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<GraphCache>());

        Assert.Equal(2, refused.Failures.Count());
    }

    [Fact]
    public async Task AddGraphs_OptionsWithFaults_KeepTheHostFromStarting()
    {
        var services = new ServiceCollection();
        services.AddGraphs(options => options.MaxGraphs = 0);
        await using var provider = services.BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
    }

    [Fact]
    public async Task AddGraphs_OtherNamedOptionsChange_AreNotTheCaches()
    {
        using var changes = new Changes { Name = "other" };
        var services = new ServiceCollection();
        services.AddSingleton<IOptionsChangeTokenSource<GraphCacheOptions>>(changes);
        services.Configure<GraphCacheOptions>("other", options => options.MaxBytes = 7);
        services.AddGraphs(options => options.MaxBytes = 100);
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<GraphCache>();

        changes.Tell();

        Assert.Equal(100, cache.Device().MaxBytes);
    }

    [Fact]
    public async Task AddGraphs_OptionsChange_AreTakenOverAndFaultyOnesLeft()
    {
        using var changes = new Changes();
        var limit = 50;
        var services = new ServiceCollection();
        services.AddSingleton<IOptionsChangeTokenSource<GraphCacheOptions>>(changes);
        services.AddGraphs(options => options.MaxBytes = limit);
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<GraphCache>();

        limit = 70;
        changes.Tell();
        Assert.Equal(70, cache.Device().MaxBytes);
        limit = 0;
        Assert.ThrowsAny<Exception>(changes.Tell);
        Assert.Equal(70, cache.Device().MaxBytes);
    }

    [Fact]
    public async Task WarmUp_HostStarts_LoadsTheList()
    {
        var services = new ServiceCollection();
        var log = new RecordingLogger<GraphCache>();
        services.AddSingleton<Microsoft.Extensions.Logging.ILogger<GraphCache>>(log);
        var broken = new GraphRequest<FakeGraph>(Keys.B, (_, _) => throw new IOException("The disk is gone."));
        services.AddGraphs().WarmUp(_ => [broken, Wish.For(Keys.A)]);
        await using var provider = services.BuildServiceProvider();
        var warmUp = Assert.Single(provider.GetServices<IHostedService>());

        await warmUp.StartAsync(CancellationToken.None);

        await ((BackgroundService)warmUp).ExecuteTask!;
        Assert.Equal([Keys.A], provider.GetRequiredService<GraphCache>().LoadedKeys());
        await log.WaitForAsync("could not be warmed up");
        await warmUp.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task CheckHealthAsync_CallersWait_IsDegradedAndSaysWhy()
    {
        await using var cache = new GraphCache(new GraphCacheOptions { MaxGraphs = 1 }, new ManualTimeProvider());
        var check = new GraphHealthCheck(cache);
        var lease = await cache.TakeAsync(Wish.For(Keys.A, 60));
        var healthy = await check.CheckHealthAsync(new HealthCheckContext());
        var waiting = cache.TakeAsync(Wish.For(Keys.B));

        var degraded = await check.CheckHealthAsync(new HealthCheckContext());

        Assert.Equal((HealthStatus.Healthy, 60L), (healthy.Status, healthy.Data["host_bytes"]));
        Assert.Equal(HealthStatus.Degraded, degraded.Status);
        Assert.Equal("calls that wait for room: 1", degraded.Description);
        lease.Dispose();
        (await waiting).Dispose();
    }

    private sealed class Changes : IOptionsChangeTokenSource<GraphCacheOptions>, IDisposable
    {
        private CancellationTokenSource _next = new();

        public string Name { get; init; } = Options.DefaultName;

        public IChangeToken GetChangeToken() => new CancellationChangeToken(_next.Token);

        public void Tell()
        {
            using var told = Interlocked.Exchange(ref _next, new CancellationTokenSource());
            told.Cancel();
        }

        public void Dispose() => _next.Dispose();
    }
}
