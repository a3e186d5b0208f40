using System.Globalization;
using System.Net;
using System.Text;
using Larder.TestKit;

namespace Larder.Server.Tests.Http;

public sealed partial class PredictEndpointTests : ServerTests
{
    private const string Prices = "house-prices/v1";

    [Fact]
    public async Task Predict_First_FetchesLoadsAndAnswers()
    {
        var server = await StartWithPricesAsync();

        var answer = await server.PredictAsync("prices", RunningServer.Example(Prices));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.ContentHeaders.ContentType?.ToString());
        Assert.Equal(403569, answer["prediction"].GetDouble(), 0.5);
        Assert.Equal(answer.Text("prediction"), answer["outputs.price_eur"][0][0].ToString());
        Assert.Equal(
            ("False", "miss", "miss"),
            (answer.Text("from_cache"), answer.Text("cache.files"), answer.Text("cache.graph"))
        );
        Assert.Equal(("True", "prices"), (answer.Text("uses_real_model"), answer.Text("model_id")));
        Assert.Matches("^[0-9a-f]{64}$", answer.Text("model_version"));
        Assert.All(["files", "load", "run", "total"], step => Assert.True(answer[$"seconds.{step}"].GetDouble() > 0));
    }

    [Fact]
    public async Task Predict_Second_IsAHitAndTheSame()
    {
        var server = await StartWithPricesAsync();
        var first = await server.PredictAsync("prices", RunningServer.Example(Prices));

        var second = await server.PredictAsync("prices", RunningServer.Example(Prices));

        Assert.Equal(
            ("True", "hit", "hit"),
            (second.Text("from_cache"), second.Text("cache.files"), second.Text("cache.graph"))
        );
        Assert.Equal(first.Text("prediction"), second.Text("prediction"));
        Assert.Equal(first.Text("model_version"), second.Text("model_version"));
        Assert.Equal(0, second["seconds.files"].GetDouble());
    }

    [Fact]
    public async Task Predict_OperatorRefusesWhatItGets_Is400WithItsReason()
    {
        var server = await StartAsync(RunningServer.Model("sentiment", RunningServer.Sample("sentiment")));

        var answer = await server.PredictAsync("sentiment", """{"inputs": {"text": []}}""");

        answer.AssertProblem(400, "invalid-inputs");
        var detail = answer.Text("detail");
        Assert.Contains("Single dimension value must be greater than 0", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("/", detail, StringComparison.Ordinal);
        Assert.Equal(200, (int)(await server.PredictAsync("sentiment", RunningServer.Example("sentiment"))).Status);
    }

    [Fact]
    public async Task Predict_AfterARestart_LoadsWhatIsStored()
    {
        await using (
            var before = await RunningServer.StartAsync(
                StorePath,
                RunningServer.Model("prices", RunningServer.Sample(Prices))
            )
        )
            await before.PredictAsync("prices", RunningServer.Example(Prices));
        var server = await StartWithPricesAsync();

        var answer = await server.PredictAsync("prices", RunningServer.Example(Prices));

        Assert.Equal(
            ("True", "hit", "miss"),
            (answer.Text("from_cache"), answer.Text("cache.files"), answer.Text("cache.graph"))
        );
    }

    [Theory]
    [InlineData("120", "4", "true")]
    [InlineData("[120]", "[4]", "[true]")]
    [InlineData("[[120]]", "[[4.0]]", "[[true]]")]
    public async Task Predict_ScalarOrNested_IsTheSame(string area, string rooms, string garden)
    {
        var server = await StartWithPricesAsync();

        var answer = await server.PredictAsync("prices", Inputs(area, rooms, garden));

        Assert.Equal(403569, answer["prediction"].GetDouble(), 0.5);
    }

    [Fact]
    public async Task Predict_Batch_AnswersEachRow()
    {
        var server = await StartWithPricesAsync();
        const string body =
            """{"inputs": {"area_m2": [120, 60], "rooms": [4, 2], "age_years": [20, 20], "distance_km": [5, 5], "has_garden": [true, false]}}""";

        var answer = await server.PredictAsync("prices", body);

        Assert.Equal(2, answer["prediction"].GetArrayLength());
        Assert.Equal(403569, answer["prediction"][0][0].GetDouble(), 0.5);
        Assert.True(answer["prediction"][1][0].GetDouble() < 300000);
    }

    [Fact]
    public async Task Predict_Instances_AnswersEachAsIfItWereAlone()
    {
        var server = await StartWithPricesAsync();
        const string body =
            """{"instances": [{"area_m2": 120, "rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": true}, {"area_m2": 60, "rooms": 2, "age_years": 20, "distance_km": 5, "has_garden": false}]}""";

        var answer = await server.PredictAsync("prices", body);

        var alone = await server.PredictAsync("prices", RunningServer.Example(Prices));
        var predictions = answer["predictions"].EnumerateArray().ToList();
        Assert.Equal(2, predictions.Count);
        Assert.Equal(alone.Text("prediction"), predictions[0].GetProperty("prediction").ToString());
        Assert.True(predictions[1].GetProperty("prediction").GetDouble() < 300000);
        Assert.Equal(alone.Text("model_version"), predictions[1].GetProperty("model_version").GetString());
    }

    [Fact]
    public async Task Predict_InstancesWithFaults_NamesThemAll()
    {
        var server = await StartWithPricesAsync();
        const string body =
            """{"instances": [{"area_m2": 120, "rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": true}, {"area_m2": "large", "rooms": 2, "age_years": 20, "distance_km": 5, "has_garden": false}, 7]}""";

        var answer = await server.PredictAsync("prices", body);

        answer.AssertProblem(400, "invalid-inputs");
        Assert.Equal(["instances[1].area_m2", "instances[2]"], answer.ErrorPaths);
    }

    [Theory]
    [InlineData("""{"instances": {}}""", "instances")]
    [InlineData("""{"instances": [], "inputs": 3}""", "inputs")]
    public async Task Predict_WrongInstances_IsRefused(string body, string path)
    {
        var server = await StartWithPricesAsync();

        var answer = await server.PredictAsync("prices", body);

        answer.AssertProblem(400, "invalid-inputs");
        Assert.Equal([path], answer.ErrorPaths);
    }

    [Fact]
    public async Task Predict_TextModel_AnswersWithText()
    {
        var server = await StartAsync(RunningServer.Model("sentiment", RunningServer.Sample("sentiment")));

        var answer = await server.PredictAsync("sentiment", RunningServer.Example("sentiment"));

        Assert.Equal("positive", answer.Text("prediction"));
        Assert.Equal(0.982, answer["outputs.score"][0].GetDouble(), 0.001);
    }

    [Theory]
    [InlineData(
        """{"inputs": {"rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": true}}""",
        "inputs.area_m2"
    )]
    [InlineData(
        """{"inputs": {"area_m2": 120, "rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": true, "pool": 1}}""",
        "inputs.pool"
    )]
    [InlineData(
        """{"inputs": {"area_m2": "large", "rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": true}}""",
        "inputs.area_m2"
    )]
    [InlineData(
        """{"inputs": {"area_m2": 120, "rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": 1}}""",
        "inputs.has_garden"
    )]
    [InlineData(
        """{"inputs": {"area_m2": [[[120]]], "rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": true}}""",
        "inputs.area_m2"
    )]
    [InlineData(
        """{"inputs": {"area_m2": [[120], [60, 1]], "rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": true}}""",
        "inputs.area_m2[1]"
    )]
    [InlineData(
        """{"inputs": {"area_m2": [[120], ["x"]], "rooms": [4, 4], "age_years": [1, 1], "distance_km": [1, 1], "has_garden": [true, true]}}""",
        "inputs.area_m2[1][0]"
    )]
    [InlineData(
        """{"inputs": {"area_m2": [120, 60], "rooms": 4, "age_years": [1, 1], "distance_km": [1, 1], "has_garden": [true, true]}}""",
        "inputs.rooms"
    )]
    [InlineData(
        """{"inputs": {"area_m2": 1e99, "rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": true}}""",
        "inputs.area_m2"
    )]
    [InlineData(
        """{"inputs": {"area_m2": 120, "area_m2": 130, "rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": true}}""",
        "inputs.area_m2"
    )]
    [InlineData(
        """{"inputs": {"area_m2": null, "rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": true}}""",
        "inputs.area_m2"
    )]
    [InlineData(
        """{"inputs": {"area_m2": "\ud800", "rooms": 4, "age_years": 20, "distance_km": 5, "has_garden": true}}""",
        "inputs.area_m2"
    )]
    [InlineData("""{"inputs": [1]}""", "inputs")]
    [InlineData("""{"input": {}}""", "inputs")]
    [InlineData("[]", "inputs")]
    [InlineData("7", "inputs")]
    public async Task Predict_WrongInputs_NamesThePath(string body, string path)
    {
        var server = await StartWithPricesAsync();

        var answer = await server.PredictAsync("prices", body);

        answer.AssertProblem(400, "invalid-inputs");
        Assert.Equal([path], answer.ErrorPaths);
    }

    [Fact]
    public async Task Predict_UnknownInput_SuggestsTheNearest()
    {
        var server = await StartWithPricesAsync();

        var answer = await server.PredictAsync(
            "prices",
            """{"inputs": {"area_m2": 120, "rooms": 4, "age_years": 20, "distance_km": 5, "has_gardn": true}}"""
        );

        answer.AssertProblem(400, "invalid-inputs");
        Assert.Equal(["inputs.has_garden", "inputs.has_gardn"], answer.ErrorPaths.Order());
        Assert.Contains(
            "did you mean 'has_garden'?",
            answer["errors"].GetRawText().Replace("\\u0027", "'", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Predict_NestedTooDeep_NamesTheInput()
    {
        var server = await StartWithPricesAsync();
        var deep = new string('[', 20) + "1" + new string(']', 20);

        var answer = await server.PredictAsync("prices", Inputs(deep, "4", "true"));

        answer.AssertProblem(400, "invalid-inputs");
        Assert.Equal(["inputs.area_m2"], answer.ErrorPaths);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("not json")]
    [InlineData("""{"inputs": {}} {}""")]
    [InlineData("""{"inputs": {"area_m2": 01}}""")]
    public async Task Predict_NoJson_NamesTheBody(string body)
    {
        var server = await StartWithPricesAsync();

        var answer = await server.PredictAsync("prices", body);

        answer.AssertProblem(400, "invalid-json");
        Assert.Equal(["body"], answer.ErrorPaths);
    }

    [Theory]
    [InlineData("""{"\ud800 half of a pair": 1, "inputs": {}}""")]
    [InlineData("""{"inputs": {}, "\ud800 half of a pair": 1}""")]
    [InlineData("""{"instances": [{"\udc00 half of a pair": 1}]}""")]
    public async Task Predict_NameThatIsNoText_NamesTheBody(string body)
    {
        var server = await StartWithPricesAsync();

        var answer = await server.PredictAsync("prices", body);

        answer.AssertProblem(400, "invalid-json");
        Assert.Equal(["body"], answer.ErrorPaths);
    }

    [Fact]
    public async Task Predict_JsonTooDeepForAnyModel_NamesTheBody()
    {
        var server = await StartWithPricesAsync();
        var deep = new string('[', 1000) + new string(']', 1000);

        var answer = await server.PredictAsync("prices", Inputs(deep, "4", "true"));

        answer.AssertProblem(400, "invalid-json");
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\u00ff\"")]
    public async Task Predict_TextThatIsNone_NamesTheInput(string text)
    {
        var server = await StartAsync(RunningServer.Model("sentiment", RunningServer.Sample("sentiment")));
        // Latin-1 makes the second one a byte that is no UTF-8.
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes($$$"""{"inputs": {"text": {{{text}}}}}"""));

        using var response = await server.Http.PostAsync(
            "/api/models/sentiment/predict",
            content,
            TestContext.Current.CancellationToken
        );
        var answer = await Answer.ReadAsync(response);

        answer.AssertProblem(400, "invalid-inputs");
        Assert.Equal(["inputs.text"], answer.ErrorPaths);
    }

    [Fact]
    public async Task Predict_UnknownModel_Is404()
    {
        var server = await StartWithPricesAsync();

        var answer = await server.PredictAsync("price", RunningServer.Example(Prices));

        answer.AssertProblem(404, "unknown-model");
        Assert.Equal("/api/models/price/predict", answer.Text("instance"));
    }

    [Fact]
    public async Task Predict_ManyFirstAtOnce_FetchAndLoadOnce()
    {
        await using var origin = ScriptedHttpServer.Serving(
            await File.ReadAllBytesAsync(
                Path.Combine(RunningServer.Sample(Prices), "model.onnx"),
                TestContext.Current.CancellationToken
            )
        );
        var server = await StartAsync(RunningServer.Model("prices", origin.Url("/model.onnx")));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(_ => server.PredictAsync("prices", RunningServer.Example(Prices)))
        );

        Assert.All(answers, answer => Assert.Equal(403569, answer["prediction"].GetDouble(), 0.5));
        Assert.Equal(["HEAD /model.onnx", "GET /model.onnx"], origin.Requests);
        Assert.Single(server.Graphs.ListGraphs());
    }

    private static string Inputs(string area, string rooms, string garden) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"inputs": {"area_m2": {{{area}}}, "rooms": {{{rooms}}}, "age_years": 20, "distance_km": 5, "has_garden": {{{garden}}}}}"""
        );
}
