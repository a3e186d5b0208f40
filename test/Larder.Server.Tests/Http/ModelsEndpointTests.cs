using System.Net;

namespace Larder.Server.Tests.Http;

public sealed class ModelsEndpointTests : ServerTests
{
    private const string Prices = "house-prices/v1";

    [Fact]
    public async Task Get_NotStored_KnowsTheReferenceOnly()
    {
        var server = await StartWithPricesAsync();

        var answer = await server.GetAsync("/api/models/prices");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            ("prices", "onnx", "not_stored"),
            (answer.Text("model_id"), answer.Text("runtime"), answer.Text("state"))
        );
        Assert.StartsWith("file:///", answer.Text("reference"), StringComparison.Ordinal);
        Assert.Equal(("", "", ""), (answer.Text("model_version"), answer.Text("inputs"), answer.Text("outputs")));
    }

    [Fact]
    public async Task Get_Loaded_TellsInputsAndOutputs()
    {
        var server = await StartWithPricesAsync();
        var prediction = await server.PredictAsync("prices", RunningServer.Example(Prices));

        var answer = await server.GetAsync("/api/models/prices");

        Assert.Equal("loaded", answer.Text("state"));
        Assert.Equal(prediction.Text("model_version"), answer.Text("model_version"));
        Assert.Equal(
            ["area_m2", "rooms", "age_years", "distance_km", "has_garden"],
            answer["inputs"].EnumerateArray().Select(input => input.GetProperty("name").GetString())
        );
        Assert.Equal("""{"name":"area_m2","type":"float32","shape":["batch",1]}""", answer["inputs"][0].GetRawText());
        Assert.Equal("""{"name":"has_garden","type":"bool","shape":["batch",1]}""", answer["inputs"][4].GetRawText());
        Assert.Equal("""[{"name":"price_eur","type":"float32","shape":["batch",1]}]""", answer["outputs"].GetRawText());
    }

    [Fact]
    public async Task Get_AfterARestart_IsStored()
    {
        string version;
        await using (
            var before = await RunningServer.StartAsync(
                StorePath,
                RunningServer.Model("prices", RunningServer.Sample(Prices))
            )
        )
            version = (await before.PredictAsync("prices", RunningServer.Example(Prices))).Text("model_version");
        var server = await StartWithPricesAsync();

        var answer = await server.GetAsync("/api/models/prices");

        Assert.Equal(
            ("stored", version, ""),
            (answer.Text("state"), answer.Text("model_version"), answer.Text("inputs"))
        );
    }

    [Fact]
    public async Task List_SeveralModels_TellsEachById()
    {
        var server = await StartAsync(
            RunningServer.Model("b", RunningServer.Sample("sentiment")),
            RunningServer.Model("a", RunningServer.Sample(Prices))
        );
        await server.PredictAsync("b", RunningServer.Example("sentiment"));

        var answer = await server.GetAsync("/api/models");

        Assert.Equal(
            ["a not_stored", "b loaded"],
            answer["models"]
                .EnumerateArray()
                .Select(model => $"{model.GetProperty("model_id")} {model.GetProperty("state")}")
        );
    }

    [Fact]
    public async Task List_NoModels_IsEmpty()
    {
        var server = await StartAsync();

        Assert.Equal(0, (await server.GetAsync("/api/models"))["models"].GetArrayLength());
    }

    [Fact]
    public async Task Get_IsNoUseOfTheModel()
    {
        var server = await StartWithPricesAsync();
        await server.PredictAsync("prices", RunningServer.Example(Prices));
        var before = server.Graphs.Statistics;

        await server.GetAsync("/api/models/prices");
        await server.GetAsync("/api/models");

        Assert.Equal(before, server.Graphs.Statistics);
    }

    [Theory]
    [InlineData("/api/models/price")]
    [InlineData("/api/models/cache")]
    public async Task Get_UnknownModel_Is404(string path)
    {
        var server = await StartWithPricesAsync();

        (await server.GetAsync(path)).AssertProblem(404, "unknown-model");
    }
}
