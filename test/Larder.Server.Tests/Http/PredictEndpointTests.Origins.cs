using Larder.TestKit;

namespace Larder.Server.Tests.Http;

// How a prediction is answered when the origin changes, is down, or has something else.
public sealed partial class PredictEndpointTests
{
    [Fact]
    public async Task Predict_OriginIsDownAndNothingStored_Is503WithRetryAfter()
    {
        var server = await StartAsync(RunningServer.Model("prices", RunningServer.ClosedPort()));

        var answer = await server.PredictAsync("prices", RunningServer.Example(Prices));

        answer.AssertProblem(503, "origin-unavailable");
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
        Assert.DoesNotContain("127.0.0.1", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_OriginIsDownAndStored_AnswersStale()
    {
        var origin = ScriptedHttpServer.Serving(await ModelAsync());
        var server = await StartAsync(
            RunningServer.Model("prices", origin.Url("/model.onnx"), freshFor: TimeSpan.Zero)
        );
        await server.PredictAsync("prices", RunningServer.Example(Prices));
        await origin.DisposeAsync();

        var first = await server.PredictAsync("prices", RunningServer.Example(Prices));
        var second = await server.PredictAsync("prices", RunningServer.Example(Prices));

        Assert.Equal(
            ("stale", "hit", "True"),
            (first.Text("cache.files"), first.Text("cache.graph"), first.Text("from_cache"))
        );
        Assert.Equal("stale", second.Text("cache.files"));
        Assert.Equal(403569, second["prediction"].GetDouble(), 0.5);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    public async Task Predict_OriginRefuses_Is502WhateverIsStored(int status)
    {
        var model = await ModelAsync();
        var isGone = false;
        await using var origin = new ScriptedHttpServer(exchange =>
            isGone ? exchange.AnswerAsync(status) : exchange.AnswerAsync(200, model, "ETag: \"v1\"")
        );
        var server = await StartAsync(
            RunningServer.Model("prices", origin.Url("/model.onnx?sig=hush"), freshFor: TimeSpan.Zero)
        );
        await server.PredictAsync("prices", RunningServer.Example(Prices));
        isGone = true;

        var answer = await server.PredictAsync("prices", RunningServer.Example(Prices));

        answer.AssertProblem(502, "origin-failed");
        Assert.DoesNotContain("hush", answer.Json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_OriginBreaksOff_Is503AndTheNextTryAnswers()
    {
        var model = await ModelAsync();
        var isBroken = true;
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(200, model.Length, "ETag: \"v1\"");
            if (!exchange.IsHead)
                await exchange.SendBodyAsync(isBroken ? model.AsMemory(0, 100) : model);
        });
        var server = await StartAsync(RunningServer.Model("prices", origin.Url("/model.onnx")));

        var broken = await server.PredictAsync("prices", RunningServer.Example(Prices));
        isBroken = false;
        var whole = await server.PredictAsync("prices", RunningServer.Example(Prices));

        broken.AssertProblem(503, "origin-unavailable");
        Assert.Equal(403569, whole["prediction"].GetDouble(), 0.5);
    }

    [Fact]
    public async Task Predict_DirectoryIsMissing_Is502()
    {
        var server = await StartAsync(RunningServer.Model("prices", "/nowhere/prices"));

        var answer = await server.PredictAsync("prices", RunningServer.Example(Prices));

        answer.AssertProblem(502, "origin-failed");
        Assert.DoesNotContain("nowhere", answer.Json.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://bucket/prices/")]
    [InlineData("az://models/")]
    public async Task Predict_NobodyAnswersSuchAReference_Is502(string reference)
    {
        var server = await StartAsync(RunningServer.Model("prices", reference));

        (await server.PredictAsync("prices", RunningServer.Example(Prices))).AssertProblem(502, "origin-failed");
    }

    [Fact]
    public async Task Predict_FileIsNoModel_Is500AndHoldsNothing()
    {
        var origin = Origin("origin", Prices);
        await File.WriteAllTextAsync(
            Path.Combine(origin, "model.onnx"),
            "no model",
            TestContext.Current.CancellationToken
        );
        var server = await StartAsync(RunningServer.Model("prices", origin));

        var answer = await server.PredictAsync("prices", RunningServer.Example(Prices));

        answer.AssertProblem(500, "model-broken");
        Assert.DoesNotContain("onnx", answer.Text("detail"), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(server.Files.List(), model => model.Leased);
    }

    [Fact]
    public async Task Predict_SeveralFilesCouldBeTheModel_Is500()
    {
        var origin = Origin("origin", Prices);
        File.Copy(Path.Combine(origin, "model.onnx"), Path.Combine(origin, "a.onnx"));
        File.Copy(Path.Combine(origin, "model.onnx"), Path.Combine(origin, "b.onnx"));
        File.Delete(Path.Combine(origin, "model.onnx"));
        var server = await StartAsync(RunningServer.Model("prices", origin));

        (await server.PredictAsync("prices", RunningServer.Example(Prices))).AssertProblem(500, "model-broken");
    }

    [Fact]
    public async Task Predict_TwoModelsWithTheSameBytes_AreFetchedEachAndLoadedOnce()
    {
        var server = await StartAsync(
            RunningServer.Model("one", Origin("one", Prices)),
            RunningServer.Model("two", Origin("two", Prices))
        );
        var one = await server.PredictAsync("one", RunningServer.Example(Prices));

        var two = await server.PredictAsync("two", RunningServer.Example(Prices));

        Assert.Equal(one.Text("model_version"), two.Text("model_version"));
        Assert.Equal(("two", "miss", "hit"), (two.Text("model_id"), two.Text("cache.files"), two.Text("cache.graph")));
    }

    [Fact]
    public async Task Predict_OriginHasANewVersion_AnswersWithIt()
    {
        var server = await StartAsync(RunningServer.Model("prices", Origin("origin", Prices), freshFor: TimeSpan.Zero));
        var old = await server.PredictAsync("prices", RunningServer.Example(Prices));
        var unchanged = await server.PredictAsync("prices", RunningServer.Example(Prices));
        Origin("origin", "house-prices/v2");

        var changed = await server.PredictAsync("prices", RunningServer.Example(Prices));

        Assert.Equal(
            ("revalidated", "hit", "True"),
            (unchanged.Text("cache.files"), unchanged.Text("cache.graph"), unchanged.Text("from_cache"))
        );
        Assert.Equal(
            ("miss", "miss", "False"),
            (changed.Text("cache.files"), changed.Text("cache.graph"), changed.Text("from_cache"))
        );
        Assert.Equal(441154, changed["prediction"].GetDouble(), 0.5);
        Assert.NotEqual(old.Text("model_version"), changed.Text("model_version"));
    }

    private static Task<byte[]> ModelAsync() =>
        File.ReadAllBytesAsync(
            Path.Combine(RunningServer.Sample(Prices), "model.onnx"),
            TestContext.Current.CancellationToken
        );
}
