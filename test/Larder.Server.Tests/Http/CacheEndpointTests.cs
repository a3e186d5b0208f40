using System.Net;

namespace Larder.Server.Tests.Http;

public sealed class CacheEndpointTests : ServerTests
{
    private const string Prices = "house-prices/v1";

    [Fact]
    public async Task GetStats_EmptyStore_IsAllZero()
    {
        var server = await StartWithPricesAsync();

        var answer = await server.GetAsync("/api/models/cache/stats");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("Cache contains 0 models using 0.0 MB", answer.Text("message"));
        Assert.Equal(StorePath, answer.Text("cache_stats.cache_dir"));
        Assert.All(
            [
                "total_models",
                "total_size_mb",
                "total_size_bytes",
                "blobs",
                "bytes",
                "bytes_fetched",
                "hits",
                "misses",
                "entries",
                "bytes_saved",
                "seconds_saved",
                "evictions",
                "failures",
                "graphs.hits",
                "graphs.misses",
                "graphs.entries",
                "graphs.loads",
                "graphs.load_seconds",
                "graphs.waits",
                "graphs.wait_seconds",
                "graphs.waiting",
                "graphs.failures_remembered",
                "graphs.seconds_to_eviction",
            ],
            name => Assert.Equal(0, answer[$"cache_stats.{name}"].GetDouble())
        );
    }

    [Fact]
    public async Task GetStats_OneMissAndTwoHits_CountsThem()
    {
        var server = await StartWithPricesAsync();
        for (var i = 0; i < 3; i++)
            await server.PredictAsync("prices", RunningServer.Example(Prices));
        using (
            await server.Files.PullAsync(
                RunningServer.Model("prices", RunningServer.Sample(Prices)).From,
                null,
                TestContext.Current.CancellationToken
            )
        ) { }
        var bytes = Directory.EnumerateFiles(RunningServer.Sample(Prices)).Sum(file => new FileInfo(file).Length);

        var answer = await server.GetAsync("/api/models/cache/stats");

        Assert.Equal("Cache contains 1 models using 0.0 MB", answer.Text("message"));
        Assert.Equal(Math.Round(bytes / 1e6, 3), answer["cache_stats.total_size_mb"].GetDouble());
        Assert.Equal((1, bytes, 2), (Number("total_models"), Number("total_size_bytes"), Number("blobs")));
        Assert.Equal((bytes, bytes, bytes), (Number("bytes"), Number("bytes_fetched"), Number("bytes_saved")));
        // A loaded model that is fresh is answered by the graphs; the pull of the test is the store's one hit.
        Assert.Equal((1, 1), (Number("hits"), Number("misses")));
        Assert.Equal((2, 1, 1), (Number("graphs.hits"), Number("graphs.misses"), Number("graphs.entries")));

        var device = Assert.Single(answer["cache_stats.graphs.devices"].EnumerateArray());
        Assert.Equal("host", device.GetProperty("device").GetString());
        Assert.InRange(device.GetProperty("used_bytes").GetInt64(), 1, bytes);

        long Number(string name) => answer[$"cache_stats.{name}"].GetInt64();
    }

    [Fact]
    public async Task GetStats_TwoModelsWithTheSameBytes_CountsTheBytesOnDiskOnce()
    {
        var server = await StartAsync(
            RunningServer.Model("one", Origin("one", Prices)),
            RunningServer.Model("two", Origin("two", Prices))
        );
        await server.PredictAsync("one", RunningServer.Example(Prices));
        await server.PredictAsync("two", RunningServer.Example(Prices));

        var answer = await server.GetAsync("/api/models/cache/stats");

        var onDisk = answer["cache_stats.bytes"].GetInt64();
        Assert.Equal(
            (2, 2 * onDisk),
            (answer["cache_stats.total_models"].GetInt32(), answer["cache_stats.total_size_bytes"].GetInt64())
        );
    }

    [Fact]
    public async Task Delete_OneModel_RemovesItAndTheNextPredictionFetchesItAgain()
    {
        var server = await StartAsync(
            RunningServer.Model("prices", RunningServer.Sample(Prices)),
            RunningServer.Model("sentiment", RunningServer.Sample("sentiment"))
        );
        await server.PredictAsync("prices", RunningServer.Example(Prices));
        await server.PredictAsync("sentiment", RunningServer.Example("sentiment"));

        var answer = await server.DeleteAsync("/api/models/cache?model_id=prices");

        Assert.Equal((HttpStatusCode.OK, "Cache cleared for model prices"), (answer.Status, answer.Text("message")));
        Assert.Equal((1, 0), (answer["removed_entries"].GetInt32(), answer["kept_in_use"].GetArrayLength()));
        Assert.Equal(
            new DirectoryInfo(RunningServer.Sample(Prices)).EnumerateFiles().Sum(file => file.Length),
            answer["freed_bytes"].GetInt64()
        );
        Assert.Equal("not_stored", (await server.GetAsync("/api/models/prices")).Text("state"));
        Assert.Equal("loaded", (await server.GetAsync("/api/models/sentiment")).Text("state"));
        var again = await server.PredictAsync("prices", RunningServer.Example(Prices));
        Assert.Equal(("miss", "miss"), (again.Text("cache.files"), again.Text("cache.graph")));
    }

    [Fact]
    public async Task Delete_All_RemovesAll()
    {
        var server = await StartAsync(
            RunningServer.Model("prices", RunningServer.Sample(Prices)),
            RunningServer.Model("sentiment", RunningServer.Sample("sentiment"))
        );
        await server.PredictAsync("prices", RunningServer.Example(Prices));
        await server.PredictAsync("sentiment", RunningServer.Example("sentiment"));

        var answer = await server.DeleteAsync("/api/models/cache");

        Assert.Equal("All model cache cleared", answer.Text("message"));
        Assert.Equal((2, 0), (answer["removed_entries"].GetInt32(), answer["kept_in_use"].GetArrayLength()));
        Assert.Equal(0, server.Files.GetStatistics().Blobs);
        Assert.Empty(server.Graphs.ListGraphs());
    }

    [Theory]
    [InlineData("?id=prices")]
    [InlineData("?model_id=prices&force")]
    [InlineData("?model-id=prices")]
    public async Task Delete_QueryThatTheRouteDoesNotKnow_Is400AndRemovesNothing(string query)
    {
        var server = await StartWithPricesAsync();
        await server.PredictAsync("prices", RunningServer.Example("house-prices/v1"));

        var answer = await server.DeleteAsync($"/api/models/cache{query}");

        answer.AssertProblem(400, "invalid-query");
        Assert.Single(server.Files.List());
    }

    [Fact]
    public async Task Delete_WhileAPredictionRuns_KeepsItAndNamesIt()
    {
        var server = await StartAsync(
            RunningServer.Model("prices", RunningServer.Sample(Prices)),
            RunningServer.Model("sentiment", RunningServer.Sample("sentiment"))
        );
        await server.PredictAsync("sentiment", RunningServer.Example("sentiment"));
        var running = await server.RentAsync("prices");

        var answer = await server.DeleteAsync("/api/models/cache");

        Assert.Equal(1, answer["removed_entries"].GetInt32());
        Assert.Equal(["prices"], answer["kept_in_use"].EnumerateArray().Select(id => id.GetString()));
        Assert.True(File.Exists(running.Model.Path));
        await running.DisposeAsync();
        var after = await server.DeleteAsync("/api/models/cache?model_id=prices");
        Assert.Equal((1, 0), (after["removed_entries"].GetInt32(), after["kept_in_use"].GetArrayLength()));
    }

    [Fact]
    public async Task Delete_AnotherProcessHoldsAModelThatIsNotServed_NamesItsReference()
    {
        var other = RunningServer.Model("other", RunningServer.Sample("sentiment")).From;
        var server = await StartWithPricesAsync();
        using var held = await server.Files.PullAsync(other, null, TestContext.Current.CancellationToken);

        var answer = await server.DeleteAsync("/api/models/cache");

        Assert.Equal([other.Text], answer["kept_in_use"].EnumerateArray().Select(name => name.GetString()));
    }

    [Theory]
    [InlineData("price")]
    [InlineData("")]
    [InlineData("prices&model_id=prices")]
    public async Task Delete_UnknownId_Is404AndRemovesNothing(string id)
    {
        var server = await StartWithPricesAsync();
        await server.PredictAsync("prices", RunningServer.Example(Prices));

        var answer = await server.DeleteAsync($"/api/models/cache?model_id={id}");

        answer.AssertProblem(404, "unknown-model");
        Assert.Single(server.Files.List());
    }

    [Fact]
    public async Task Delete_NothingStored_RemovesNothing()
    {
        var server = await StartWithPricesAsync();

        var answer = await server.DeleteAsync("/api/models/cache");

        Assert.Equal((0, 0), (answer["removed_entries"].GetInt32(), answer["freed_bytes"].GetInt64()));
    }

    [Fact]
    public async Task Delete_AgainAndAgainWhileOthersPredict_NobodyFails()
    {
        var server = await StartWithPricesAsync();
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(PredictUntilStoppedAsync)).ToList();

        for (var i = 0; i < 50; i++)
            Assert.Equal(HttpStatusCode.OK, (await server.DeleteAsync("/api/models/cache")).Status);
        await stop.CancelAsync();

        Assert.All(await Task.WhenAll(callers), count => Assert.True(count > 0));
        var last = await server.DeleteAsync("/api/models/cache");
        Assert.Equal(0, last["kept_in_use"].GetArrayLength());
        Assert.Empty(server.Files.List());

        async Task<int> PredictUntilStoppedAsync()
        {
            var count = 0;
            do
            {
                var answer = await server.PredictAsync("prices", RunningServer.Example(Prices));
                Assert.Equal(HttpStatusCode.OK, answer.Status);
                Assert.Equal(403569, answer["prediction"].GetDouble(), 0.5);
                count++;
            } while (!stop.IsCancellationRequested);
            return count;
        }
    }

    [Fact]
    public async Task GetStats_ManyFirstAtOnce_CountsTheBytesThatCame()
    {
        var server = await StartWithPricesAsync();
        await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => server.PredictAsync("prices", RunningServer.Example(Prices)))
        );

        var answer = await server.GetAsync("/api/models/cache/stats");

        Assert.Equal(answer["cache_stats.bytes"].GetInt64(), answer["cache_stats.bytes_fetched"].GetInt64());
    }
}
