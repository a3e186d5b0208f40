using System.Net;
using Larder.Server.Configuration;
using Larder.TestKit;

namespace Larder.Server.Tests.Http;

public sealed class ModelAdminEndpointTests : ServerTests
{
    private const string Prices = "house-prices/v1";

    [Fact]
    public async Task Warm_NotStored_PullsAndLoadsAndTheNextTimeIsAHit()
    {
        var server = await StartWithPricesAsync();

        var first = await server.PostAsync("/api/models/prices/warm");
        var second = await server.PostAsync("/api/models/prices/warm");

        Assert.Equal(
            (HttpStatusCode.OK, "prices", "loaded", "miss", "miss", "False"),
            (
                first.Status,
                first.Text("model_id"),
                first.Text("state"),
                first.Text("cache.files"),
                first.Text("cache.graph"),
                first.Text("from_cache")
            )
        );
        Assert.True(first["seconds.load"].GetDouble() > 0);
        Assert.Equal(
            ("hit", "hit", "True"),
            (second.Text("cache.files"), second.Text("cache.graph"), second.Text("from_cache"))
        );
        var prediction = await server.PredictAsync("prices", RunningServer.Example(Prices));
        Assert.Equal(
            (first.Text("model_version"), "hit", "True"),
            (prediction.Text("model_version"), prediction.Text("cache.graph"), prediction.Text("from_cache"))
        );
    }

    [Fact]
    public async Task Warm_FilesOnly_PullsAndLoadsNothing()
    {
        var server = await StartWithPricesAsync();

        var answer = await server.PostAsync("/api/models/prices/warm?files_only=true");

        Assert.Equal(
            ("stored", "miss", ""),
            (answer.Text("state"), answer.Text("cache.files"), answer.Text("cache.graph"))
        );
        Assert.Equal("stored", (await server.GetAsync("/api/models/prices")).Text("state"));
        Assert.Equal(0, server.Graphs.Statistics.Entries);
    }

    [Fact]
    public async Task Warm_FilesOnlyIsNonsense_Is400()
    {
        var server = await StartWithPricesAsync();

        var answer = await server.PostAsync("/api/models/prices/warm?files_only=maybe");

        answer.AssertProblem(400, "invalid-query");
        Assert.Equal(["files_only"], answer.ErrorPaths);
    }

    [Fact]
    public async Task Warm_OriginIsDown_Is503()
    {
        var server = await StartAsync(RunningServer.Model("prices", RunningServer.ClosedPort()));

        (await server.PostAsync("/api/models/prices/warm")).AssertProblem(503, "origin-unavailable");
        Assert.Equal("not_stored", (await server.GetAsync("/api/models/prices")).Text("state"));
    }

    [Fact]
    public async Task Pin_Stored_KeepsItUntilUnpinnedAndMayBeSentAgain()
    {
        var server = await StartWithPricesAsync();
        await server.PostAsync("/api/models/prices/warm?files_only=true");

        var first = await server.PostAsync("/api/models/prices/pin");
        var again = await server.PostAsync("/api/models/prices/pin");
        var pinned = await server.GetAsync("/api/models/prices");
        var cleared = await server.DeleteAsync("/api/models/cache");
        var unpinned = await server.PostAsync("/api/models/prices/unpin");
        var againUnpinned = await server.PostAsync("/api/models/prices/unpin");

        Assert.Equal(("True", "True"), (first.Text("pinned"), first.Text("changed")));
        Assert.Equal(("True", "False"), (again.Text("pinned"), again.Text("changed")));
        Assert.True(pinned["pinned"].GetBoolean());
        Assert.Equal(0, cleared["removed_entries"].GetInt32());
        Assert.Equal(("False", "True"), (unpinned.Text("pinned"), unpinned.Text("changed")));
        Assert.Equal(("False", "False"), (againUnpinned.Text("pinned"), againUnpinned.Text("changed")));
    }

    [Fact]
    public async Task Pin_NotStored_Is409AndSaysWhatToDo()
    {
        var server = await StartWithPricesAsync();

        var answer = await server.PostAsync("/api/models/prices/pin");

        answer.AssertProblem(409, "not-stored");
        Assert.Contains("/warm", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_NothingNewer_IsRevalidated()
    {
        var server = await StartWithPricesAsync();
        await server.PredictAsync("prices", RunningServer.Example(Prices));

        var answer = await server.PostAsync("/api/models/prices/refresh");

        Assert.Equal(
            ("loaded", "revalidated", "False", "", "True"),
            (
                answer.Text("state"),
                answer.Text("cache.files"),
                answer.Text("changed"),
                answer.Text("previous_version"),
                answer.Text("from_cache")
            )
        );
    }

    [Fact]
    public async Task Refresh_NewVersion_IsLoadedBeforeItAnswers()
    {
        var server = await StartAsync(RunningServer.Model("prices", Origin("origin", Prices)));
        var old = await server.PredictAsync("prices", RunningServer.Example(Prices));
        Origin("origin", "house-prices/v2");

        var unaware = await server.PredictAsync("prices", RunningServer.Example(Prices));
        var answer = await server.PostAsync("/api/models/prices/refresh");
        var prediction = await server.PredictAsync("prices", RunningServer.Example(Prices));

        Assert.Equal(old.Text("model_version"), unaware.Text("model_version"));
        Assert.Equal(
            ("True", old.Text("model_version"), "miss", "miss"),
            (
                answer.Text("changed"),
                answer.Text("previous_version"),
                answer.Text("cache.files"),
                answer.Text("cache.graph")
            )
        );
        Assert.Equal(answer.Text("model_version"), prediction.Text("model_version"));
        Assert.Equal(
            ("hit", "hit", "True"),
            (prediction.Text("cache.files"), prediction.Text("cache.graph"), prediction.Text("from_cache"))
        );
        Assert.Equal(441154, prediction["prediction"].GetDouble(), 0.5);
    }

    [Fact]
    public async Task Refresh_NewVersionOfAModelThatIsOnlyStored_SaysWhichItReplaces()
    {
        var server = await StartAsync(RunningServer.Model("prices", Origin("origin", Prices)));
        var old = await server.PostAsync("/api/models/prices/warm?files_only=true");
        Origin("origin", "house-prices/v2");

        var answer = await server.PostAsync("/api/models/prices/refresh");
        var again = await server.PostAsync("/api/models/prices/refresh");

        Assert.Equal(("True", old.Text("model_version")), (answer.Text("changed"), answer.Text("previous_version")));
        Assert.NotEqual(old.Text("model_version"), answer.Text("model_version"));
        Assert.Equal(("False", ""), (again.Text("changed"), again.Text("previous_version")));
    }

    [Fact]
    public async Task Refresh_NewVersionIsNoModel_IsAProblemAndTheOldOneGoesOn()
    {
        var origin = Origin("origin", Prices);
        var server = await StartAsync(RunningServer.Model("prices", origin));
        var old = await server.PredictAsync("prices", RunningServer.Example(Prices));
        await File.WriteAllTextAsync(
            Path.Combine(origin, "model.onnx"),
            "no model",
            TestContext.Current.CancellationToken
        );

        (await server.PostAsync("/api/models/prices/refresh")).AssertProblem(500, "model-broken");
        var prediction = await server.PredictAsync("prices", RunningServer.Example(Prices));
        var state = await server.GetAsync("/api/models/prices");

        Assert.Equal(old.Text("model_version"), prediction.Text("model_version"));
        Assert.Equal(
            ("loaded", old.Text("model_version"), "failed", "urn:larder:problem:model-broken"),
            (
                state.Text("state"),
                state.Text("model_version"),
                state.Text("next.state"),
                state.Text("next.failure.type")
            )
        );
        Assert.DoesNotContain(
            origin,
            state.Json.GetRawText().Replace(state.Text("reference"), "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Refresh_RequestsRevalidateThemselves_LoadsTheNewVersion()
    {
        var server = await StartAsync(
            RunningServer.Model("prices", Origin("origin", Prices)) with
            {
                Revalidate = RevalidateMode.Request,
            }
        );
        var old = await server.PredictAsync("prices", RunningServer.Example(Prices));
        Origin("origin", "house-prices/v2");

        await server.PostAsync("/api/models/prices/refresh");
        var prediction = await server.PredictAsync("prices", RunningServer.Example(Prices));

        Assert.NotEqual(old.Text("model_version"), prediction.Text("model_version"));
        Assert.Equal(("hit", "hit"), (prediction.Text("cache.files"), prediction.Text("cache.graph")));
    }

    [Fact]
    public async Task Refresh_OriginIsDown_Is503AndTheStoredVersionGoesOn()
    {
        var model = await File.ReadAllBytesAsync(
            Path.Combine(RunningServer.Sample(Prices), "model.onnx"),
            TestContext.Current.CancellationToken
        );
        var origin = ScriptedHttpServer.Serving(model);
        var server = await StartAsync(RunningServer.Model("prices", origin.Url("/model.onnx")));
        await server.PredictAsync("prices", RunningServer.Example(Prices));
        await origin.DisposeAsync();

        (await server.PostAsync("/api/models/prices/refresh")).AssertProblem(503, "origin-unavailable");

        Assert.Equal("hit", (await server.PredictAsync("prices", RunningServer.Example(Prices))).Text("cache.files"));
        Assert.Equal(
            "urn:larder:problem:origin-unavailable",
            (await server.GetAsync("/api/models/prices")).Text("origin_failure.type")
        );
    }

    [Fact]
    public async Task Clear_AfterAPrediction_NextOneIsAMissAgain()
    {
        var server = await StartWithPricesAsync();
        await server.PredictAsync("prices", RunningServer.Example(Prices));
        await server.DeleteAsync("/api/models/cache?model_id=prices");

        var answer = await server.PredictAsync("prices", RunningServer.Example(Prices));

        Assert.Equal(
            ("miss", "miss", "False"),
            (answer.Text("cache.files"), answer.Text("cache.graph"), answer.Text("from_cache"))
        );
    }

    [Theory]
    [InlineData("warm")]
    [InlineData("pin")]
    [InlineData("unpin")]
    [InlineData("refresh")]
    public async Task Post_UnknownModel_Is404(string verb)
    {
        var server = await StartWithPricesAsync();

        (await server.PostAsync($"/api/models/price/{verb}")).AssertProblem(404, "unknown-model");
        (await server.GetAsync($"/api/models/prices/{verb}")).AssertProblem(405, "wrong-method");
    }
}
