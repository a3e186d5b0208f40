using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Larder.Server.Tests.Http;

namespace Larder.Server.Tests.Inference;

/// <summary>
/// The examples are those of the Open Inference Protocol and of Triton's extension for binary tensor data, with the mistakes that are
/// printed there put right where the test says so.
/// </summary>
public sealed class InferenceEndpointTests : ServerTests
{
    private const string HeaderLength = "Inference-Header-Content-Length";

    private const string JsonExample = """
        {
          "id" : "42",
          "inputs" : [
            { "name" : "input0", "shape" : [ 2, 2 ], "datatype" : "UINT32", "data" : [ 1, 2, 3, 4 ] },
            { "name" : "input1", "shape" : [ 3 ], "datatype" : "BOOL", "data" : [ true, true, true ] }
          ],
          "outputs" : [ { "name" : "output0" } ]
        }
        """;

    private const string BinaryExample = """
        {
          "model_name" : "mymodel",
          "inputs" : [
            { "name" : "input0", "shape" : [ 2, 2 ], "datatype" : "UINT32", "parameters" : { "binary_data_size" : 16 } },
            { "name" : "input1", "shape" : [ 3 ], "datatype" : "BOOL", "parameters" : { "binary_data_size" : 3 } }
          ],
          "outputs" : [ { "name" : "output0", "parameters" : { "binary_data" : true } } ]
        }
        """;

    private static readonly byte[] ExampleBytes = [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 1, 1, 1];
    private static readonly float[] ExampleAnswer = [1.0f, 1.1f, 2.0f, 2.1f, 3.0f, 3.1f];

    [Theory]
    [InlineData("/v2/health/live", "live")]
    [InlineData("/v2/health/ready", "ready")]
    public async Task Health_OfAServerThatIsReady_IsTrue(string path, string member)
    {
        var server = await StartExampleAsync();
        await server.WarmedAsync();

        var answer = await server.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.True(answer[member].GetBoolean());
    }

    [Fact]
    public async Task Server_HasNameVersionAndExtensions()
    {
        var server = await StartExampleAsync();

        var answer = await server.GetAsync("/v2");

        Assert.Equal("larder", answer.Text("name"));
        Assert.NotEmpty(answer.Text("version"));
        Assert.Equal("binary_tensor_data", answer["extensions"][0].GetString());
    }

    [Fact]
    public async Task ModelReady_OfOneThatIsLoadedWhenItIsAskedFor_IsTrue()
    {
        var server = await StartExampleAsync();

        var answer = await server.GetAsync("/v2/models/mymodel/ready");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(("mymodel", true), (answer.Text("name"), answer["ready"].GetBoolean()));
    }

    [Fact]
    public async Task Model_TellsInputsAndOutputs()
    {
        var server = await StartExampleAsync();

        var answer = await server.GetAsync("/v2/models/mymodel");

        Assert.Equal(("mymodel", "onnxruntime_onnx"), (answer.Text("name"), answer.Text("platform")));
        Assert.Matches("^[0-9a-f]{64}$", Assert.Single(answer["versions"].EnumerateArray()).GetString());
        Assert.Equal(
            """[{"name":"input0","datatype":"UINT32","shape":[2,2]},{"name":"input1","datatype":"BOOL","shape":[3]}]""",
            answer.Text("inputs")
        );
        Assert.Equal("""[{"name":"output0","datatype":"FP32","shape":[3,2]}]""", answer.Text("outputs"));
    }

    [Fact]
    public async Task Model_WithAFreeDimension_TellsMinusOne()
    {
        var server = await StartWithPricesAsync();

        var answer = await server.GetAsync("/v2/models/prices");

        Assert.Equal("[-1,1]", answer["outputs"][0].GetProperty("shape").ToString());
    }

    // In the protocol's text "input1" has one element, which does not fill its shape: the next test.
    [Fact]
    public async Task Infer_TheProtocolsExample_AnswersAsThere()
    {
        var server = await StartExampleAsync();

        var answer = await server.SendAsync(HttpMethod.Post, "/v2/models/mymodel/infer", JsonExample);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.ContentHeaders.ContentType?.ToString());
        Assert.Equal(("42", "mymodel"), (answer.Text("id"), answer.Text("model_name")));
        Assert.Matches("^[0-9a-f]{64}$", answer.Text("model_version"));
        var output = Assert.Single(answer["outputs"].EnumerateArray());
        Assert.Equal(
            ("output0", "FP32", "[3,2]"),
            (Get(output, "name"), Get(output, "datatype"), Get(output, "shape"))
        );
        Assert.Equal(ExampleAnswer, output.GetProperty("data").EnumerateArray().Select(value => value.GetSingle()));
    }

    [Fact]
    public async Task Infer_DataThatDoesNotFillTheShape_IsRefusedWithItsPath()
    {
        var server = await StartExampleAsync();

        var answer = await server.SendAsync(
            HttpMethod.Post,
            "/v2/models/mymodel/infer",
            JsonExample.Replace("[ true, true, true ]", "[ true ]", StringComparison.Ordinal)
        );

        answer.AssertProblem(400, "invalid-inputs");
        Assert.Equal(["inputs[1].data"], answer.ErrorPaths);
        // Where clients of the protocol look for it.
        Assert.Contains("It has 1 elements, and the shape [3] has 3.", answer.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_NestedData_IsTheSame()
    {
        var server = await StartExampleAsync();

        var answer = await server.SendAsync(
            HttpMethod.Post,
            "/v2/models/mymodel/infer",
            JsonExample.Replace("[ 1, 2, 3, 4 ]", "[ [1, 2], [3, 4] ]", StringComparison.Ordinal)
        );

        Assert.Equal(1.1f, answer["outputs"][0].GetProperty("data")[1].GetSingle());
    }

    [Fact]
    public async Task Infer_TritonsBinaryExample_AnswersWithBytes()
    {
        var server = await StartExampleAsync();

        using var response = await PostBinaryAsync(server, BinaryExample, ExampleBytes);

        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.ToString());
        var length = int.Parse(Assert.Single(response.Headers.GetValues(HeaderLength)), null);
        using var document = JsonDocument.Parse(body.AsMemory(0, length));
        var output = document.RootElement.GetProperty("outputs")[0];
        Assert.Equal(24, output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        Assert.False(output.TryGetProperty("data", out _));
        Assert.Equal(24, body.Length - length);
        Assert.Equal(ExampleAnswer, Enumerable.Range(0, 6).Select(i => BitConverter.ToSingle(body, length + 4 * i)));
    }

    [Fact]
    public async Task Infer_BinaryInAndJsonOut_AnswersWithJson()
    {
        var server = await StartExampleAsync();

        using var response = await PostBinaryAsync(
            server,
            BinaryExample.Replace("\"binary_data\" : true", "\"binary_data\" : false", StringComparison.Ordinal),
            ExampleBytes
        );

        var answer = await Answer.ReadAsync(response);
        Assert.Equal(3.1f, answer["outputs"][0].GetProperty("data")[5].GetSingle());
    }

    [Fact]
    public async Task Infer_BinaryDataOutput_IsForAllOutputsThatDoNotSayOtherwise()
    {
        var server = await StartAsync(RunningServer.Model("sentiment", RunningServer.Sample("sentiment")));
        const string Request = """
            {
              "parameters": {"binary_data_output": true},
              "inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["a wonderful film"]}],
              "outputs": [{"name": "label"}, {"name": "score", "parameters": {"binary_data": false}}]
            }
            """;
        using var content = new StringContent(Request, Encoding.UTF8, "application/json");

        using var response = await server.Http.PostAsync(
            new Uri("/v2/models/sentiment/infer", UriKind.Relative),
            content,
            TestContext.Current.CancellationToken
        );

        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var length = int.Parse(Assert.Single(response.Headers.GetValues(HeaderLength)), null);
        // A text has its length before it.
        Assert.Equal([8, 0, 0, 0, .. "positive"u8], body[length..]);
        using var document = JsonDocument.Parse(body.AsMemory(0, length));
        Assert.Equal(JsonValueKind.Array, document.RootElement.GetProperty("outputs")[1].GetProperty("data").ValueKind);
    }

    [Fact]
    public async Task Infer_TextsAsBytes_AreRead()
    {
        var server = await StartAsync(RunningServer.Model("sentiment", RunningServer.Sample("sentiment")));
        var text = "a wonderful film"u8.ToArray();

        using var response = await PostBinaryAsync(
            server,
            """{"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "parameters": {"binary_data_size": 20}}]}""",
            [(byte)text.Length, 0, 0, 0, .. text],
            "sentiment"
        );

        var answer = await Answer.ReadAsync(response);
        Assert.Equal("positive", answer["outputs"][0].GetProperty("data")[0].GetString());
    }

    [Fact]
    public async Task Infer_AVersion_IsAnsweredByIt()
    {
        var origin = Origin("prices", "house-prices/v1");
        var server = await StartAsync(RunningServer.Model("prices", origin, TimeSpan.Zero));
        var old = (await server.GetAsync("/v2/models/prices")).Json.GetProperty("versions")[0].GetString();
        File.Copy(
            Path.Combine(RunningServer.Sample("house-prices/v2"), "model.onnx"),
            Path.Combine(origin, "model.onnx"),
            overwrite: true
        );

        var now = await server.SendAsync(HttpMethod.Post, "/v2/models/prices/infer", Prices);
        var then = await server.SendAsync(HttpMethod.Post, $"/v2/models/prices/versions/{old}/infer", Prices);

        Assert.Equal(old, then.Text("model_version"));
        Assert.NotEqual(old, now.Text("model_version"));
        Assert.NotEqual(Value(now), Value(then));
        var versions = (await server.GetAsync("/v2/models/prices"))["versions"].EnumerateArray();
        Assert.Equal([now.Text("model_version"), old], versions.Select(version => version.GetString()));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Infer_UnknownVersion_IsNotFound(string version)
    {
        var server = await StartExampleAsync();

        var answer = await server.SendAsync(
            HttpMethod.Post,
            $"/v2/models/mymodel/versions/{version}/infer",
            JsonExample
        );

        answer.AssertProblem(404, "unknown-version");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Ready_UnknownVersion_IsNotFound(string version)
    {
        var server = await StartExampleAsync();
        await server.SendAsync(HttpMethod.Post, "/v2/models/mymodel/infer", JsonExample);

        var answer = await server.GetAsync($"/v2/models/mymodel/versions/{version}/ready");

        answer.AssertProblem(404, "unknown-version");
    }

    [Fact]
    public async Task Ready_VersionThatIsListed_IsReady()
    {
        var server = await StartExampleAsync();
        var model = await server.GetAsync("/v2/models/mymodel");
        var version = model["versions"][0].GetString();

        var answer = await server.GetAsync($"/v2/models/mymodel/versions/{version}/ready");

        Assert.Equal(200, (int)answer.Status);
    }

    [Fact]
    public async Task Infer_ManyOutputs_AreReadInOneGo()
    {
        var server = await StartExampleAsync();
        var outputs = string.Join(',', Enumerable.Range(0, 400_000).Select(i => $$"""{"name":"{{i}}"}"""));

        var answer = await server.SendAsync(
            HttpMethod.Post,
            "/v2/models/mymodel/infer",
            $$"""{"inputs": [], "outputs": [{{outputs}}]}"""
        );

        answer.AssertProblem(400, "invalid-inputs");
        Assert.Equal(51, answer.ErrorPaths.Count());
    }

    [Theory]
    [InlineData("GET", "/v2/models/nobody")]
    [InlineData("GET", "/v2/models/nobody/ready")]
    [InlineData("POST", "/v2/models/nobody/infer")]
    public async Task UnknownModel_IsNotFound(string method, string path)
    {
        var server = await StartExampleAsync();

        var answer = await server.SendAsync(new HttpMethod(method), path, method == "POST" ? JsonExample : null);

        answer.AssertProblem(404, "unknown-model");
        Assert.NotEmpty(answer.Text("error"));
    }

    [Theory]
    [InlineData("""[]""", "inputs")]
    [InlineData("""{"inputs": {}}""", "inputs")]
    [InlineData("""{"inputs": [3]}""", "inputs[0]")]
    [InlineData("""{"inputs": [], "id": 42}""", "id")]
    [InlineData("""{"inputs": [], "outputs": [{"name": "nothing"}]}""", "outputs[0].name")]
    [InlineData("""{"inputs": [], "outputs": []}""", "inputs.input0", "inputs.input1")]
    [InlineData("""{"inputs": [{"name": "input0"}]}""", "inputs[0].datatype", "inputs[0].shape")]
    [InlineData("""{"inputs": [{"name": "input0", "datatype": "UINT32", "shape": [1]}]}""", "inputs[0]")]
    [InlineData(
        """{"inputs": [{"name": "input0", "datatype": "BF16", "shape": [1], "data": [1]}]}""",
        "inputs[0].datatype"
    )]
    [InlineData(
        """{"inputs": [{"name": "input0", "datatype": "UINT32", "shape": [-1, 2], "data": [1]}]}""",
        "inputs[0].shape[0]"
    )]
    [InlineData(
        """{"inputs": [{"name": "input0", "datatype": "UINT32", "shape": [4294967296, 4294967296], "data": [1]}]}""",
        "inputs[0].shape"
    )]
    [InlineData(
        """{"inputs": [{"name": "input0", "datatype": "UINT32", "shape": [0, 9223372036854775807], "data": []}]}""",
        "inputs[0].shape"
    )]
    [InlineData(
        """{"inputs": [{"name": "input0", "datatype": "UINT32", "shape": [2, 2], "data": [1, 2, 3, -4]}]}""",
        "inputs[0].data[3]"
    )]
    [InlineData(
        """{"inputs": [{"name": "input0", "datatype": "UINT32", "shape": [2, 2], "data": [[1, 2], [3]]}]}""",
        "inputs[0].data[1]"
    )]
    [InlineData(
        """{"inputs": [{"name": "input0", "datatype": "UINT32", "shape": [1], "parameters": {"binary_data_size": 4}}]}""",
        "inputs[0].parameters.binary_data_size"
    )]
    [InlineData(
        """{"inputs": [{"name": "input0", "datatype": "INT32", "shape": [16777217, 0], "data": []}]}""",
        "inputs[0].shape"
    )]
    [InlineData(
        """{"inputs": [{"name": "input0", "datatype": "INT32", "shape": [16777216, 0], "data": []}, {"name": "input1", "datatype": "INT32", "shape": [0, 1], "data": []}]}""",
        "inputs[1].shape"
    )]
    [InlineData(
        """{"inputs": [{"name": "a", "datatype": "BOOL", "shape": [0], "data": []}, {"name": "a", "datatype": "BOOL", "shape": [0], "data": []}]}""",
        "inputs[1].name"
    )]
    public async Task Infer_BadRequest_NamesEachFault(string body, params string[] paths)
    {
        var server = await StartExampleAsync();

        var answer = await server.SendAsync(HttpMethod.Post, "/v2/models/mymodel/infer", body);

        answer.AssertProblem(400, "invalid-inputs");
        Assert.Equal(paths, answer.ErrorPaths);
    }

    [Fact]
    public async Task Infer_NameThatIsNoText_IsRefused()
    {
        var server = await StartExampleAsync();

        var answer = await server.SendAsync(
            HttpMethod.Post,
            "/v2/models/mymodel/infer",
            JsonExample.Replace("\"datatype\" : \"BOOL\"", "\"\\ud800 half of a pair\" : 1", StringComparison.Ordinal)
        );

        answer.AssertProblem(400, "invalid-json");
    }

    [Fact]
    public async Task Infer_UnknownOutput_IsRefused()
    {
        var server = await StartExampleAsync();

        var answer = await server.SendAsync(
            HttpMethod.Post,
            "/v2/models/mymodel/infer",
            JsonExample.Replace("output0", "output7", StringComparison.Ordinal)
        );

        answer.AssertProblem(400, "invalid-inputs");
        Assert.Equal(["outputs[0].name"], answer.ErrorPaths);
    }

    [Theory]
    [InlineData("2000000000")]
    [InlineData("-1")]
    [InlineData("many")]
    public async Task Infer_WrongHeaderLength_IsRefused(string length)
    {
        var server = await StartExampleAsync();

        using var response = await PostBinaryAsync(server, BinaryExample, ExampleBytes, length: length);

        (await Answer.ReadAsync(response)).AssertProblem(400, "bad-request");
    }

    [Theory]
    [InlineData(new byte[] { 1, 1, 2 }, "inputs[1]")]
    [InlineData(new byte[] { 1, 1, 1, 1 }, "body")]
    [InlineData(new byte[] { 1, 1 }, "inputs[1].parameters.binary_data_size")]
    public async Task Infer_BytesThatAreNotTheTensors_AreRefused(byte[] flags, string path)
    {
        var server = await StartExampleAsync();

        using var response = await PostBinaryAsync(server, BinaryExample, [.. ExampleBytes[..16], .. flags]);

        var answer = await Answer.ReadAsync(response);
        answer.AssertProblem(400, "invalid-inputs");
        Assert.Equal([path], answer.ErrorPaths);
    }

    private const string Prices = """
        {
          "inputs": [
            { "name": "area_m2", "shape": [1, 1], "datatype": "FP32", "data": [120] },
            { "name": "rooms", "shape": [1, 1], "datatype": "FP32", "data": [4] },
            { "name": "age_years", "shape": [1, 1], "datatype": "FP32", "data": [20] },
            { "name": "distance_km", "shape": [1, 1], "datatype": "FP32", "data": [5] },
            { "name": "has_garden", "shape": [1, 1], "datatype": "BOOL", "data": [true] }
          ]
        }
        """;

    private static double Value(Answer answer) => answer["outputs"][0].GetProperty("data")[0].GetDouble();

    private static string Get(JsonElement element, string name) => element.GetProperty(name).ToString();

    private static async Task<HttpResponseMessage> PostBinaryAsync(
        RunningServer server,
        string document,
        byte[] behind,
        string model = "mymodel",
        string? length = null
    )
    {
        var json = Encoding.UTF8.GetBytes(document);
        using var content = new ByteArrayContent([.. json, .. behind]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{model}/infer") { Content = content };
        request.Headers.Add(HeaderLength, length ?? $"{json.Length}");
        return await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<RunningServer> StartExampleAsync()
    {
        var origin = Path.Combine(Path.GetDirectoryName(StorePath)!, "example");
        ProtocolModel.Write(origin);
        return await StartAsync(RunningServer.Model("mymodel", origin));
    }
}
