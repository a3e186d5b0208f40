using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Server.Configuration;
using Larder.Server.Reloading;
using Larder.Server.Tests.Access;
using Larder.Server.Tests.Http;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Tests.Reloading;

public sealed class ConfigurationReloaderTests : ServerTests
{
    private const string Prices = "house-prices/v1";

    private readonly LogLines _log = new();
    private readonly SemaphoreSlim _looked = new(0);

    private string ConfigurationPath => At("larder.json");

    [Fact]
    public async Task Reload_ModelIsAdded_IsServed()
    {
        var server = await StartAsync(Configuration("prices", RunningServer.Sample(Prices)));

        await ChangeAsync(
            server,
            Add(Configuration("prices", RunningServer.Sample(Prices)), "other", RunningServer.Sample("sentiment"))
        );

        var answer = await server.PredictAsync("other", RunningServer.Example("sentiment"));
        Assert.Equal(200, (int)answer.Status);
        Assert.Equal(1, (await server.GetAsync("/api/models"))["configuration.reloads"].GetInt32());
    }

    [Fact]
    public async Task Reload_ModelIsAddedAndWarm_IsLoaded()
    {
        var server = await StartAsync(Configuration("prices", RunningServer.Sample(Prices)));
        var changed = Add(
            Configuration("prices", RunningServer.Sample(Prices)),
            "other",
            RunningServer.Sample("sentiment")
        );
        changed["models"]!["other"]!["warm"] = true;

        await ChangeAsync(server, changed);

        await UntilAsync(async () => (await server.GetAsync("/api/models/other")).Text("state") == "loaded");
        Assert.True((await server.GetAsync("/api/models/other"))["warm"].GetBoolean());
    }

    [Fact]
    public async Task Reload_ModelIsRemoved_IsUnloadedAndItsFilesStay()
    {
        var server = await StartAsync(Configuration("prices", RunningServer.Sample(Prices)));
        await server.PredictAsync("prices", RunningServer.Example(Prices));

        await ChangeAsync(server, new JsonObject { ["models"] = new JsonObject() });

        (await server.PredictAsync("prices", RunningServer.Example(Prices))).AssertProblem(404, "unknown-model");
        await UntilAsync(() => Task.FromResult(server.Graphs.Statistics.Entries == 0));
        Assert.Single(server.Files.List());
    }

    [Fact]
    public async Task Reload_ModelIsRemovedWhileInUse_IsUnloadedWhenItIsReturned()
    {
        var server = await StartAsync(Configuration("prices", RunningServer.Sample(Prices)));
        await server.PredictAsync("prices", RunningServer.Example(Prices));
        var model = server.Service<ModelCatalog>().All.Single();
        var lease = await server.Models.RentAsync(
            ModelCatalog.RequestFor(model),
            TestContext.Current.CancellationToken
        );

        await ChangeAsync(server, new JsonObject { ["models"] = new JsonObject() });
        var during = server.Graphs.Statistics.Entries;
        await lease.DisposeAsync();

        Assert.Equal(1, during);
        await UntilAsync(() => Task.FromResult(server.Graphs.Statistics.Entries == 0));
    }

    [Fact]
    public async Task Reload_ModelHasMovedToOtherFiles_OldOnesAnswerUntilTheNewOnesAreLoaded()
    {
        var server = await StartAsync(Configuration("prices", RunningServer.Sample(Prices)));
        var old = await server.PredictAsync("prices", RunningServer.Example(Prices));

        await ChangeAsync(server, Configuration("prices", RunningServer.Sample("house-prices/v2")));

        var answer = old;
        await UntilAsync(async () =>
        {
            answer = await server.PredictAsync("prices", RunningServer.Example(Prices));
            return answer.Text("model_version") != old.Text("model_version");
        });
        Assert.Equal("hit", answer.Text("cache.graph"));
        Assert.Equal(441154, answer["prediction"].GetDouble(), 0.5);
    }

    [Fact]
    public async Task Reload_ModelHasMovedToWhereNothingIs_OldFilesGoOnAnswering()
    {
        var server = await StartAsync(Configuration("prices", RunningServer.Sample(Prices)));
        var old = await server.PredictAsync("prices", RunningServer.Example(Prices));

        await ChangeAsync(server, Configuration("prices", "/nowhere/prices/"));
        await UntilAsync(async () =>
            (await server.GetAsync("/api/models/prices"))["origin_failure"].ValueKind is JsonValueKind.Object
        );

        var answer = await server.PredictAsync("prices", RunningServer.Example(Prices));
        Assert.Equal(old.Text("model_version"), answer.Text("model_version"));
    }

    [Fact]
    public async Task Reload_OnlyTimesOfAModelChange_ItStaysLoadedAndKeepsItsVersion()
    {
        var server = await StartAsync(Configuration("prices", RunningServer.Sample(Prices)));
        var old = await server.PredictAsync("prices", RunningServer.Example(Prices));
        var changed = Configuration("prices", RunningServer.Sample(Prices));
        changed["models"]!["prices"]!["fresh_for"] = "1 h";

        await ChangeAsync(server, changed);
        var answer = await server.PredictAsync("prices", RunningServer.Example(Prices));

        Assert.Equal(TimeSpan.FromHours(1), server.Service<ModelCatalog>().All.Single().Pull.FreshFor);
        Assert.Equal(
            (old.Text("model_version"), "hit", "hit"),
            (answer.Text("model_version"), answer.Text("cache.files"), answer.Text("cache.graph"))
        );
        Assert.Equal(1, server.Graphs.GetStatistics().Loads);
    }

    [Fact]
    public async Task Reload_LimitsOfGraphs_CountAtOnce()
    {
        var configuration = Add(
            Configuration("prices", RunningServer.Sample(Prices)),
            "other",
            RunningServer.Sample("sentiment")
        );
        var server = await StartAsync(configuration);
        await server.PredictAsync("prices", RunningServer.Example(Prices));
        await server.PredictAsync("other", RunningServer.Example("sentiment"));
        var lowered = (JsonObject)configuration.DeepClone();
        lowered["graphs"] = new JsonObject { ["max_graphs"] = 1 };

        await ChangeAsync(server, lowered);

        await UntilAsync(() =>
            Task.FromResult(
                _log.All.Any(line => line.Id == 6 && line.Text.Contains("limits", StringComparison.Ordinal))
            )
        );
        Assert.Equal(1, server.Graphs.Statistics.Entries);
    }

    [Theory]
    [InlineData("{ \"models\": ", 1)]
    [InlineData("""{ "modells": {}, "graphs": { "max_graphs": 0 } }""", 2)]
    [InlineData("""{ "models": { "prices": { "from": "nonsense" } } }""", 1)]
    [InlineData("", 1)]
    public async Task Reload_Nonsense_IsKeptAsItWasAndSaid(string text, int faults)
    {
        var server = await StartAsync(Configuration("prices", RunningServer.Sample(Prices)));

        await File.WriteAllTextAsync(ConfigurationPath, text, TestContext.Current.CancellationToken);
        await _looked.WaitAsync(TestContext.Current.CancellationToken);
        var during = await server.GetAsync("/api/models");
        var answer = await server.PredictAsync("prices", RunningServer.Example(Prices));
        await ChangeAsync(server, Configuration("prices", RunningServer.Sample(Prices)));
        var after = await server.GetAsync("/api/models");

        Assert.Equal(200, (int)answer.Status);
        Assert.Contains($"{faults} fault", during.Text("configuration.error"), StringComparison.Ordinal);
        Assert.Equal(1, during["configuration.failures"].GetInt32());
        Assert.DoesNotContain(At(""), during.Text("configuration.error"), StringComparison.Ordinal);
        var line = Assert.Single(_log.All, line => line.Id == 441);
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.Contains(ConfigurationPath, line.Text, StringComparison.Ordinal);
        Assert.Equal(("", "1"), (after.Text("configuration.error"), after.Text("configuration.reloads")));
    }

    [Fact]
    public async Task Reload_FileIsGone_IsKeptAsItWas()
    {
        var server = await StartAsync(Configuration("prices", RunningServer.Sample(Prices)));

        File.Delete(ConfigurationPath);
        await _looked.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)(await server.PredictAsync("prices", RunningServer.Example(Prices))).Status);
        Assert.Contains(_log.All, line => line.Id == 441 && line.Text.Contains("no file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reload_SettingThatNeedsARestart_IsNamedUntilItIsTakenBack()
    {
        var configuration = Configuration("prices", RunningServer.Sample(Prices));
        var server = await StartAsync(configuration);
        var changed = (JsonObject)configuration.DeepClone();
        changed["store"] = new JsonObject { ["capacity"] = "1 GB" };

        await ChangeAsync(server, changed);
        var during = await server.GetAsync("/api/models");
        changed["models"]!["prices"]!["fresh_for"] = "1 h";
        await ChangeAsync(server, changed);
        var still = await server.GetAsync("/api/models");
        await ChangeAsync(server, configuration);
        var after = await server.GetAsync("/api/models");

        Assert.Equal(
            ["""["store.capacity"]""", """["store.capacity"]""", "[]"],
            Enumerable.Select([during, still, after], answer => answer["configuration.needs_restart"].GetRawText())
        );
        Assert.Contains(
            _log.All,
            line => line.Id == 442 && line.Text.EndsWith("store.capacity", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Start_FileHasChangedSinceItWasRead_IsTakenOver()
    {
        await File.WriteAllTextAsync(
            ConfigurationPath,
            Configuration("prices", RunningServer.Sample(Prices)).ToJsonString(),
            TestContext.Current.CancellationToken
        );
        var read = ConfigurationLoader.Load(ConfigurationPath);
        await File.WriteAllTextAsync(
            ConfigurationPath,
            Configuration("changed", RunningServer.Sample(Prices)).ToJsonString(),
            TestContext.Current.CancellationToken
        );

        var server = await StartAsync(read, _log);

        await UntilAsync(() =>
            Task.FromResult(server.Service<ModelCatalog>().All.Select(model => model.Id).SequenceEqual(["changed"]))
        );
    }

    [Fact]
    public async Task Reload_LastTokenIsTakenAway_NeedsARestartAndSaysSo()
    {
        var configuration = Configuration("prices", RunningServer.Sample(Prices));
        var tokens = new TestTokens();
        configuration["server"] = new JsonObject
        {
            ["tokens"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "watcher",
                    ["sha256"] = tokens.All.Single(token => token.Name == "watcher").Sha256,
                    ["scopes"] = new JsonArray("read"),
                }
            ),
        };
        var server = await StartAsync(configuration);
        server.Http.DefaultRequestHeaders.Authorization = new("Bearer", tokens.Read);

        await ChangeAsync(server, Configuration("prices", RunningServer.Sample(Prices)));

        Assert.Equal(
            """["server.tokens"]""",
            (await server.GetAsync("/api/models"))["configuration.needs_restart"].GetRawText()
        );
    }

    [Fact]
    public async Task Reload_ReplacedByARename_IsTakenOver()
    {
        var server = await StartAsync(Configuration("prices", RunningServer.Sample(Prices)));
        var written = At("larder.json.new");
        await File.WriteAllTextAsync(
            written,
            Configuration("renamed", RunningServer.Sample(Prices)).ToJsonString(),
            TestContext.Current.CancellationToken
        );

        File.Move(written, ConfigurationPath, overwrite: true);
        await _looked.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["renamed"], server.Service<ModelCatalog>().All.Select(model => model.Id));
    }

    [Fact]
    public async Task Reload_LinkOnItsPathIsSwitched_IsTakenOver()
    {
        // As Kubernetes lays a ConfigMap out: larder.json -> ..data/larder.json, ..data -> ..1, and then ..data -> ..2.
        Lay("..1", Configuration("prices", RunningServer.Sample(Prices)));
        Lay("..2", Configuration("switched", RunningServer.Sample(Prices)));
        File.CreateSymbolicLink(At("..data"), "..1");
        File.CreateSymbolicLink(ConfigurationPath, Path.Combine("..data", "larder.json"));
        var server = await StartOnFileAsync();

        File.CreateSymbolicLink(At("..data_tmp"), "..2");
        // The framework would follow the link.
        using (var move = Process.Start("mv", ["-T", At("..data_tmp"), At("..data")]))
            await move.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _looked.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["switched"], server.Service<ModelCatalog>().All.Select(model => model.Id));

        void Lay(string name, JsonObject configuration) =>
            File.WriteAllText(
                Path.Combine(Directory.CreateDirectory(At(name)).FullName, "larder.json"),
                configuration.ToJsonString()
            );
    }

    [Fact]
    public async Task Reload_UnderLoad_EveryRequestIsAnswered()
    {
        var one = Configuration("prices", RunningServer.Sample(Prices));
        var two = Configuration("prices", RunningServer.Sample("house-prices/v2"));
        var server = await StartAsync(one);
        await server.PredictAsync("prices", RunningServer.Example(Prices));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(CallAsync)).ToList();

        for (var turn = 0; turn < 3; turn++)
        {
            await ChangeAsync(server, two);
            await ChangeAsync(server, one);
        }
        await end.CancelAsync();

        Assert.DoesNotContain(await Task.WhenAll(callers), count => count == 0);

        async Task<int> CallAsync()
        {
            var count = 0;
            for (; !end.IsCancellationRequested; count++)
            {
                var answer = await server.PredictAsync("prices", RunningServer.Example(Prices));
                Assert.Equal(200, (int)answer.Status);
                // Each answer is of one version, by its number and by its name.
                Assert.Contains(answer["prediction"].GetDouble(), [403569.25, 441154.0], new Near());
            }
            return count;
        }
    }

    private static JsonObject Configuration(string id, string from) => Add(new JsonObject(), id, from);

    private static JsonObject Add(JsonObject configuration, string id, string from)
    {
        configuration["models"] ??= new JsonObject();
        configuration["models"]![id] = new JsonObject { ["from"] = new Uri(from.TrimEnd('/') + "/").AbsoluteUri };
        return configuration;
    }

    private async Task<RunningServer> StartAsync(JsonObject configuration)
    {
        await File.WriteAllTextAsync(
            ConfigurationPath,
            configuration.ToJsonString(),
            TestContext.Current.CancellationToken
        );
        return await StartOnFileAsync();
    }

    private async Task<RunningServer> StartOnFileAsync()
    {
        var server = await StartAsync(ConfigurationLoader.Load(ConfigurationPath), _log);
        server.Service<ConfigurationReloader>().Looked += (_, _) => _looked.Release();
        return server;
    }

    private async Task ChangeAsync(RunningServer server, JsonObject configuration)
    {
        Assert.NotNull(server);
        await File.WriteAllTextAsync(
            ConfigurationPath,
            configuration.ToJsonString(),
            TestContext.Current.CancellationToken
        );
        await _looked.WaitAsync(TestContext.Current.CancellationToken);
    }

    // What the server does by itself ends on threads of its own, and tells nobody.
    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo())
            await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double one, double other) => Math.Abs(one - other) < 1;

        public int GetHashCode(double number) => 0;
    }
}
