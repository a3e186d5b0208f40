using System.Diagnostics;
using System.Globalization;
using System.Net;
using Larder.Onnx;
using Larder.Server.Configuration;
using Larder.Server.Tests.Http;
using Larder.TestKit;
using Larder.Workers;

namespace Larder.Server.Tests.Runtimes;

/// <summary>The sample of <c>samples/workers</c>, made, zipped and served as its page says; and workers that fail.</summary>
[Trait("Category", "Integration")]
public sealed class ProcessRuntimeTests : ServerTests
{
    private const string Setosa =
        """{"inputs": {"sepal_length": 5.0, "sepal_width": 3.4, "petal_length": 1.5, "petal_width": 0.2}}""";

    [Fact]
    public async Task Predict_SampleInAZip_AnswersAsEveryModelDoes()
    {
        var server = await ServeIrisAsync();

        var cold = await server.PredictAsync("iris", Setosa);
        var hot = await server.PredictAsync("iris", Setosa);

        Assert.Equal(HttpStatusCode.OK, cold.Status);
        Assert.Equal(
            ("setosa", "1"),
            (hot.Text("prediction"), hot["outputs.share"].GetDouble().ToString("0", CultureInfo.InvariantCulture))
        );
        Assert.Equal(
            ["prediction", "outputs", "from_cache", "uses_real_model", "model_id", "model_version", "cache", "seconds"],
            hot.Json.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(("miss", "miss"), (cold.Text("cache.files"), cold.Text("cache.graph")));
        Assert.Equal(("hit", "hit"), (hot.Text("cache.files"), hot.Text("cache.graph")));
    }

    [Fact]
    public async Task Predict_InputsDoNotFit_NamesEach()
    {
        var server = await ServeIrisAsync();

        var answer = await server.PredictAsync(
            "iris",
            """{"inputs": {"sepal_length": "long", "sepal_width": 3.4, "petal_length": 1.5, "colour": "blue"}}"""
        );

        answer.AssertProblem(400, "invalid-inputs");
        Assert.Equal(["inputs.sepal_length", "inputs.petal_width", "inputs.colour"], answer.ErrorPaths);
    }

    [Fact]
    public async Task Get_Loaded_TellsWhatTheWorkerTold()
    {
        var server = await ServeIrisAsync();
        await server.PredictAsync("iris", Setosa);

        var answer = await server.GetAsync("/api/models/iris");

        Assert.Equal(("process", "loaded"), (answer.Text("runtime"), answer.Text("state")));
        Assert.Equal("""{"name":"sepal_length","type":"float64","shape":[1]}""", answer["inputs"][0].GetRawText());
        Assert.Equal("""{"name":"species","type":"string","shape":[1]}""", answer["outputs"][0].GetRawText());
    }

    [Fact]
    public async Task Delete_WhileNobodyAsks_EndsTheWorkerAndRemovesTheFiles()
    {
        var server = await ServeIrisAsync();
        await server.PredictAsync("iris", Setosa);

        var answer = await server.DeleteAsync("/api/models/cache?model_id=iris");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("not_stored", (await server.GetAsync("/api/models/iris")).Text("state"));
    }

    [Theory]
    [InlineData("os._exit(3)", 502, "worker-not-started")]
    [InlineData("time.sleep(1e6)", 502, "worker-not-started")]
    [InlineData("serve(lambda inputs: os._exit(3))", 502, "worker-failed")]
    [InlineData("serve(lambda inputs: os.write(4, b'oops\\n'))", 502, "worker-failed")]
    [InlineData("serve(lambda inputs: time.sleep(1e6))", 504, "worker-too-slow")]
    [InlineData("serve(lambda inputs: open('/nowhere/at/all'))", 502, "worker-refused")]
    [InlineData("serve(lambda inputs: {'answer': float('nan')})", 502, "worker-refused")]
    public async Task Predict_WorkerFails_IsAProblemThatTellsNothingOfThisMachine(string code, int status, string type)
    {
        var directory = Written(code);
        var isSlow = code.Contains("sleep", StringComparison.Ordinal);
        var server = await StartAsync(
            Served("failing", directory) with
            {
                Worker = new WorkerProgram(["python3", "{snapshot}/serve.py"])
                {
                    StartTimeout = TimeSpan.FromSeconds(
                        isSlow && !code.Contains("serve", StringComparison.Ordinal) ? 1 : 60
                    ),
                    RequestTimeout = TimeSpan.FromSeconds(isSlow ? 0.5 : 60),
                },
            }
        );

        var answer = await server.PredictAsync("failing", """{"inputs": {}}""");

        answer.AssertProblem(status, type);
        Assert.DoesNotContain("nowhere", answer.Json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_NumberOfMoreDigitsThanPythonReads_IsAnsweredByTheSameWorker()
    {
        var directory = Directory.CreateDirectory(Here("counting")).FullName;
        File.Copy(Sample("larder_worker.py"), Path.Combine(directory, "larder_worker.py"));
        File.WriteAllText(
            Path.Combine(directory, "serve.py"),
            "import os\nfrom larder_worker import serve\nserve(lambda inputs: {'process': os.getpid()})\n"
        );
        var server = await StartAsync(Served("counting", directory));

        var before = await server.PredictAsync("counting", """{"inputs": {"a": 1}}""");
        var large = await server.PredictAsync("counting", $"{{\"inputs\": {{\"a\": {new string('1', 5000)}}}}}");

        Assert.Equal(HttpStatusCode.OK, large.Status);
        Assert.Equal(before["prediction"].GetInt64(), large["prediction"].GetInt64());
    }

    [Fact]
    public void Types_OfWorkers_AreThoseOfTensors() =>
        Assert.Equal(
            Enum.GetValues<TensorElementType>()
                .Select(type => type.ToString().ToLowerInvariant())
                .Order(StringComparer.Ordinal),
            WorkerValue.Types.Order(StringComparer.Ordinal)
        );

    [Fact]
    public async Task Infer_WorkerThatTellsItsValues_TakesAndGivesTheirTensors()
    {
        var server = await ServeIrisAsync();

        var model = await server.GetAsync("/v2/models/iris");
        var answer = await InferAsync(
            server,
            "iris",
            """
            {"id": "7", "outputs": [{"name": "species"}], "inputs": [
              {"name": "sepal_length", "shape": [1], "datatype": "FP64", "data": [5.0]},
              {"name": "sepal_width", "shape": [1, 1], "datatype": "FP32", "data": [3.4]},
              {"name": "petal_length", "shape": [1, 1], "datatype": "FP64", "data": [[1.5]]},
              {"name": "petal_width", "shape": [1], "datatype": "FP64", "data": [0.2]}]}
            """
        );

        Assert.Equal("process", model.Text("platform"));
        Assert.Equal("""{"name":"sepal_length","datatype":"FP64","shape":[1]}""", model["inputs"][0].GetRawText());
        Assert.Equal(("7", model["versions"][0].ToString()), (answer.Text("id"), answer.Text("model_version")));
        Assert.Equal(
            """[{"name":"species","datatype":"BYTES","shape":[1],"data":["setosa"]}]""",
            answer["outputs"].GetRawText()
        );
        (await InferAsync(server, "iris", """{"inputs": [], "outputs": [{"name": "colour"}]}""")).AssertProblem(
            400,
            "invalid-inputs"
        );
        var missing = await InferAsync(server, "iris", """{"inputs": []}""");
        missing.AssertProblem(400, "invalid-inputs");
        Assert.Contains("inputs.petal_width", missing.ErrorPaths);
    }

    [Fact]
    public async Task Infer_WorkerThatTellsNothing_GivesTensorsOfWhatItAnswers()
    {
        var server = await StartAsync(
            Served("plain", Written("serve(lambda inputs: {'twice': [2 * x for x in inputs['x']], 'more': {}})"))
        );
        const string Inputs = """ "inputs": [{"name": "x", "shape": [3, 1], "datatype": "INT32", "data": [1, 2, 3]}]""";

        var model = await server.GetAsync("/v2/models/plain");
        var answer = await InferAsync(server, "plain", $$"""{ {{Inputs}}, "outputs": [{"name": "twice"}]}""");

        Assert.Equal(("[]", "[]"), (model["inputs"].GetRawText(), model["outputs"].GetRawText()));
        Assert.Equal(
            """[{"name":"twice","datatype":"INT64","shape":[3],"data":[2,4,6]}]""",
            answer["outputs"].GetRawText()
        );
        (await InferAsync(server, "plain", $$"""{ {{Inputs}} }""")).AssertProblem(502, "no-tensors");
        (await InferAsync(server, "plain", $$"""{ {{Inputs}}, "outputs": [{"name": "thrice"}]}""")).AssertProblem(
            502,
            "no-tensors"
        );
    }

    private static Task<Answer> InferAsync(RunningServer server, string id, string body) =>
        server.SendAsync(HttpMethod.Post, $"/v2/models/{id}/infer", body);

    /// <summary>The directory of a model whose worker is this code.</summary>
    private string Written(string code)
    {
        var directory = Directory.CreateDirectory(Here("written")).FullName;
        File.Copy(Sample("larder_worker.py"), Path.Combine(directory, "larder_worker.py"));
        File.WriteAllText(
            Path.Combine(directory, "serve.py"),
            $"""
            import os, time
            from larder_worker import serve
            {code}
            """
        );
        return directory;
    }

    private static string Sample(string name) => Path.Combine(Repository.Root, "samples", "workers", name);

    private string Here(string name) => Path.Combine(Path.GetDirectoryName(StorePath)!, name);

    private static ServedModel Served(string id, string from) =>
        RunningServer.Model(id, from) with
        {
            Runtime = "process",
            Worker = new WorkerProgram(["python3", "{snapshot}/serve.py"]),
        };

    private async Task<RunningServer> ServeIrisAsync()
    {
        var zip = Here("iris.zip");
        using var make = Process.Start("python3", [Sample("make_iris.py"), zip]);
        await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, make.ExitCode);
        return await StartAsync(Served("iris", zip));
    }
}
