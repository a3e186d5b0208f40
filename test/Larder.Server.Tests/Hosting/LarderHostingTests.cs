using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Larder.Graphs;
using Larder.Onnx.Serving;
using Larder.Origins;
using Larder.Pull;
using Larder.Server.Configuration;
using Larder.Server.Hosting;
using Larder.Server.Reloading;
using Larder.Server.Tests.Configuration;
using Larder.Telemetry;
using Larder.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Larder.Server.Tests.Hosting;

[Collection(nameof(ConfigurationLoaderTests))]
public sealed class LarderHostingTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly RecordingLoggerFactory _logs = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _logs.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task AddLarder_PlainHost_PullsLoadsAndPredicts()
    {
        using var host = Build(
            ("models:prices:from", new Uri(RunningServer.Sample("house-prices/v1") + "/").AbsoluteUri)
        );
        await host.StartAsync(Stop);
        var catalog = host.Services.GetRequiredService<ModelCatalog>();
        var models = host.Services.GetRequiredService<OnnxModels>();

        await using var first = await models.RentAsync(catalog.RequestFor("prices"), Stop);
        await using var second = await models.RentAsync(catalog.RequestFor("prices"), Stop);

        Assert.Equal((false, true), (first.GraphFromCache, second.GraphFromCache));
        Assert.Equal(_directory["store"], host.Services.GetRequiredService<ModelCache>().StorePath);
        await host.StopAsync(Stop);
    }

    [Fact]
    public void AddLarder_ModelThatIsNotConfigured_NamesThoseThatAre()
    {
        using var host = Build(("models:prices:from", "file:///a"), ("models:other:from", "file:///b"));

        var failure = Assert.Throws<KeyNotFoundException>(() =>
            host.Services.GetRequiredService<ModelCatalog>().RequestFor("price")
        );

        Assert.Contains("there are: other, prices.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddLarder_FaultsInTheSection_AreAllToldWhenTheHostStarts()
    {
        using var host = Build(
            ("store:capacty", "5 GB"),
            ("graphs:max_graphs", "none"),
            ("models:cache:from", "file:///a")
        );

        var failure = await Assert.ThrowsAsync<ConfigurationException>(() => host.StartAsync(Stop));

        Assert.Equal(3, failure.Faults.Count);
        Assert.Contains("'section Larder' has 3 faults", failure.Message, StringComparison.Ordinal);
        Assert.Contains(failure.Faults, fault => fault.StartsWith("store.capacty", StringComparison.Ordinal));
        Assert.False(Directory.Exists(_directory["store"]));
    }

    [Fact]
    public async Task AddLarder_FaultsOfTheCode_AreAllToldWhenTheHostStarts()
    {
        using var host = Build(
            builder =>
                builder.AddLarder(larder =>
                {
                    larder.Store.CapacityBytes = -1;
                    larder.Graphs.MaxGraphs = 0;
                    var model = new ServedModel { Id = "a", From = ModelReference.Parse("file:///a") };
                    return larder with
                    {
                        Models = new Dictionary<string, ServedModel>(StringComparer.Ordinal) { ["a/b"] = model },
                    };
                }),
            []
        );

        var failure = await Assert.ThrowsAsync<ConfigurationException>(() => host.StartAsync(Stop));

        Assert.Equal(
            ["graphs", "models.a/b", "models.a/b", "store"],
            failure.Faults.Select(fault => fault.Split(' ', ':')[0]).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void AddLarder_SettingsOfTheCode_WinOverThoseThatWereRead()
    {
        using var host = Build(
            builder =>
                builder.AddLarder(larder =>
                {
                    larder.Graphs.MaxGraphs++;
                    return larder with { Scrub = larder.Scrub with { BytesPerSecond = 0 } };
                }),
            [("graphs:max_graphs", "5")]
        );

        var configuration = host.Services.GetRequiredService<LarderConfiguration>();

        Assert.Equal((6, 0), (configuration.Graphs.MaxGraphs, configuration.Scrub.BytesPerSecond));
    }

    [Fact]
    public void AddLarder_Twice_IsRefused()
    {
        var builder = NewBuilder([]);
        builder.AddLarder();

        Assert.Throws<InvalidOperationException>(() => builder.AddLarder());
    }

    [Fact]
    public async Task AddLarder_ServicesThatAreThere_AreUsed()
    {
        using var files = new ModelCache(new ModelCacheOptions { StorePath = _directory["other"] });
        var time = new ManualTimeProvider();
        using var host = Build(
            builder =>
            {
                builder.Services.AddSingleton(files);
                builder.Services.AddSingleton<TimeProvider>(time);
                builder.AddLarder();
            },
            []
        );

        Assert.Same(files, host.Services.GetRequiredService<ModelCache>());
        Assert.Same(time, host.Services.GetRequiredService<TimeProvider>());
        await using var graphs = host.Services.GetRequiredService<GraphCache>();
        Assert.False(Directory.Exists(_directory["store"]));
    }

    [Fact]
    public async Task AddLarder_OriginOfTheApplication_IsAsked()
    {
        var origin = new FakeOrigin();
        origin.Put("model.bin", "one"u8.ToArray());
        using var host = Build(
            builder =>
            {
                builder.Services.AddSingleton<IOrigin>(origin);
                builder.AddLarder();
            },
            []
        );

        using var snapshot = await host
            .Services.GetRequiredService<ModelCache>()
            .PullAsync(FakeOrigin.Reference(), cancellationToken: Stop);

        Assert.Equal((PullOutcome.Miss, 1), (snapshot.Outcome, origin.Listings));
    }

    [Theory]
    [InlineData(null, "file:///from/the/connection")]
    [InlineData("file:///from/the/section", "file:///from/the/section")]
    public async Task AddLarder_ConnectionString_IsTheTeamsStoreUnlessTheSectionHasOne(string? section, string expected)
    {
        (string, string)[] settings = section is null ? [] : [("shared:url", section)];
        var builder = NewBuilder(settings);
        builder.Configuration["ConnectionStrings:larder"] = "file:///from/the/connection";
        builder.AddLarder();
        using var host = builder.Build();

        Assert.Equal(expected, host.Services.GetRequiredService<LarderConfiguration>().Shared?.Url);
        await using var team = host.Services.GetRequiredService<TeamCache>();
        Assert.Equal(
            expected["file://".Length..],
            team.Cache.Store.Location.Replace("file://", "", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void AddLarder_NoTeam_HasNoCacheOfIt()
    {
        using var host = Build();

        Assert.Null(host.Services.GetService<TeamCache>());
    }

    [Fact]
    public void AddLarder_VariablesOfTheEnvironment_WinAndKeepTheSpellingOfIds()
    {
        const string variable = "LARDER__MODELS__PRICES__FRESH_FOR";
        Environment.SetEnvironmentVariable(variable, "9 min");
        try
        {
            using var host = Build(("models:prices:from", "file:///a"), ("models:prices:fresh_for", "1 min"));

            var model = Assert.Single(host.Services.GetRequiredService<LarderConfiguration>().Models).Value;

            Assert.Equal(("prices", TimeSpan.FromMinutes(9)), (model.Id, model.Pull.FreshFor));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Fact]
    public void AddLarder_NoSection_ReadsTheFileOfTheCommandWithItsVariables()
    {
        using var file = new ConfigurationFile("""{"graphs": {"max_graphs": 5}}""");
        Environment.SetEnvironmentVariable("LARDER_CONFIG", file.Path);
        // A host takes it for a setting of a section 'Larder', which the application does not have.
        Environment.SetEnvironmentVariable("LARDER__GRAPHS__IDLE_TIMEOUT", "3 min");
        try
        {
            var builder = Host.CreateApplicationBuilder();
            builder.AddLarder();
            using var host = builder.Build();

            var configuration = host.Services.GetRequiredService<LarderConfiguration>();

            Assert.Equal(file.Path, configuration.Source);
            Assert.Equal(
                (5, TimeSpan.FromMinutes(3)),
                (configuration.Graphs.MaxGraphs, configuration.Graphs.IdleTimeout)
            );
        }
        finally
        {
            Environment.SetEnvironmentVariable("LARDER_CONFIG", null);
            Environment.SetEnvironmentVariable("LARDER__GRAPHS__IDLE_TIMEOUT", null);
        }
    }

    [Fact]
    public async Task AddLarder_FileChanges_IsReadAgainWithTheSettingsOfTheCode()
    {
        using var file = new ConfigurationFile("""{"graphs": {"max_bytes": 5000}}""");
        Environment.SetEnvironmentVariable("LARDER_CONFIG", file.Path);
        try
        {
            using var host = Build(
                builder =>
                    builder.AddLarder(larder =>
                    {
                        larder.Store.StorePath = _directory["store"];
                        larder.Graphs.MaxBytes *= 2;
                        return larder;
                    }),
                settings: null
            );
            await host.StartAsync(Stop);
            var reloader = host.Services.GetRequiredService<ConfigurationReloader>();
            var looked = new TaskCompletionSource();
            reloader.Looked += (_, _) => looked.TrySetResult();

            await File.WriteAllTextAsync(file.Path, """{"graphs": {"max_bytes": 7000}}""", Stop);
            await looked.Task.WaitAsync(TimeSpan.FromMinutes(1), Stop);

            Assert.Null(reloader.Status.Error);
            var device = Assert.Single(host.Services.GetRequiredService<GraphCache>().GetStatistics().Devices);
            Assert.Equal(14_000, device.MaxBytes);
            await host.StopAsync(Stop);
        }
        finally
        {
            Environment.SetEnvironmentVariable("LARDER_CONFIG", null);
        }
    }

    [Fact]
    public void AddLarder_SettingsThatTheHostDecides_AreWarnedOf()
    {
        using var host = Build(("server:urls", "http://127.0.0.1:1"), ("server:logs", "json"));

        var warnings = host.Services.GetRequiredService<LarderConfiguration>().Warnings;

        Assert.Equal(
            ["server.urls", "server.logs"],
            warnings.Select(warning => warning[..warning.IndexOf(' ', StringComparison.Ordinal)])
        );
        Assert.Contains(
            _logs.Warnings,
            warning => warning.StartsWith("In the configuration server.urls", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void AddLarder_ApplicationUsesOpenTelemetry_HearsTheMeterAndTheSource()
    {
        var (meters, activities) = (
            new Names<OpenTelemetry.Metrics.Metric>(metric => metric.MeterName),
            new Names<Activity>(one => one.Source.Name)
        );
        using var host = Build(
            builder =>
            {
                builder.AddLarder();
                new Telemetry(builder.Services)
                    .WithMetrics(metrics => metrics.AddReader(new BaseExportingMetricReader(meters)))
                    .WithTracing(traces => traces.AddProcessor(new SimpleActivityExportProcessor(activities)));
            },
            []
        );
        using var metrics = host.Services.GetRequiredService<MeterProvider>();
        using var traces = host.Services.GetRequiredService<TracerProvider>();
        using var meter = new Meter(LarderTelemetry.MeterName);
        using var otherMeter = new Meter("other");
        otherMeter.CreateCounter<int>("other.test").Add(1);
        meter.CreateCounter<int>("larder.test").Add(1);
        using (var source = new ActivitySource(LarderTelemetry.ActivitySourceName))
        using (source.StartActivity("test"))
        using (var other = new ActivitySource("other"))
            other.StartActivity("test")?.Dispose();

        metrics.ForceFlush();
        traces.ForceFlush();

        Assert.Equal(["Larder"], meters.Seen);
        Assert.Equal(["Larder"], activities.Seen);
    }

    [Fact]
    public async Task AddLarder_HealthChecksAddedOnceMore_AreThereOnce()
    {
        using var host = Build(
            builder =>
            {
                builder.AddLarder();
                builder.Services.AddHealthChecks().AddLarder();
            },
            []
        );

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Stop);

        Assert.Equal(
            ["larder-graphs", "larder-models", "larder-store", "larder-team"],
            report.Entries.Keys.Order(StringComparer.Ordinal)
        );
    }

    private IHost Build(params (string Name, string Value)[] settings) =>
        Build(builder => builder.AddLarder(), settings);

    private IHost Build(Action<HostApplicationBuilder> add, (string Name, string Value)[]? settings)
    {
        var builder = NewBuilder(settings);
        add(builder);
        return builder.Build();
    }

    // Without settings there is no section.
    private HostApplicationBuilder NewBuilder((string Name, string Value)[]? settings)
    {
        // In Development the container looks at all services when it is built.
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = "Development" }
        );
        builder.Services.AddSingleton<ILoggerFactory>(_logs);
        if (settings is null)
            return builder;
        builder.Configuration["Larder:store:path"] = _directory["store"];
        foreach (var (name, value) in settings)
            builder.Configuration[$"Larder:{name}"] = value;
        return builder;
    }

    private sealed class Telemetry(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services => services;
    }

    private sealed class Names<T>(Func<T, string> nameOf) : BaseExporter<T>
        where T : class
    {
        // Tests beside this one have activities of the same source.
        private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

        public IEnumerable<string> Seen => _seen.Keys.Order(StringComparer.Ordinal);

        public override ExportResult Export(in Batch<T> batch)
        {
            foreach (var one in batch)
                _seen[nameOf(one)] = true;
            return ExportResult.Success;
        }
    }
}
