using System.Net;
using Larder.Graphs;
using Larder.Server.Configuration;
using Larder.Server.Tests.Http;
using Larder.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Tests;

public sealed class LarderServerTests : ServerTests
{
    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://+:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://192.0.2.1:0")]
    [InlineData("http://example.com:0")]
    [InlineData("http://localhost.example.com:0")]
    [InlineData("http://x@127.0.0.1:0")]
    [InlineData("http://unix:/tmp/larder.sock")]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("http://127.0.0.1:0/base")]
    [InlineData("127.0.0.1:0")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData(";")]
    public void Build_AddressThatOthersReachOrThatIsNone_IsRefused(string url)
    {
        var failure = Assert.Throws<ConfigurationException>(() => Build(url));

        Assert.StartsWith("--urls ", Assert.Single(failure.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_SeveralBadAddresses_NamesEach()
    {
        var failure = Assert.Throws<ConfigurationException>(() =>
            Build("http://0.0.0.0:1;http://127.0.0.1:0;http://*:2")
        );

        Assert.Equal(2, failure.Faults.Count);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://127.0.0.5:0")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://LOCALHOST:8080")]
    [InlineData("http://[::1]:0")]
    [InlineData("http://127.0.0.1:0; http://127.0.0.1:0")]
    public async Task Build_LoopbackAddress_IsAccepted(string url)
    {
        await using var app = Build(url);

        Assert.NotNull(app);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_ServerIsUp_IsOk(string path)
    {
        var server = await StartWithPricesAsync();

        var answer = await server.GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, "ok"), (answer.Status, answer.Text("status")));
    }

    [Fact]
    public async Task Health_ModelIsBeingWarmed_IsLiveAndNotReadyUntilItIsLoaded()
    {
        var gate = new Gate();
        gate.Close();
        var model = await File.ReadAllBytesAsync(
            Path.Combine(RunningServer.Sample("sentiment"), "model.onnx"),
            TestContext.Current.CancellationToken
        );
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            await gate.PassAsync(exchange.Stopping);
            await exchange.AnswerAsync(200, model, "ETag: \"v1\"");
        });
        var server = await StartAsync(RunningServer.Model("sentiment", origin.Url("/model.onnx"), warm: true));
        await gate.Reached;

        var live = await server.GetAsync("/health/live");
        var notReady = await server.GetAsync("/health/ready");
        string[] asClientsOfTritonAsk = ["/v2/health/ready", "/v2/models/sentiment/ready"];
        foreach (var path in asClientsOfTritonAsk)
            Assert.Equal((503, "False"), await ReadyAsync(path));
        gate.Open();
        await server.WarmedAsync();
        var ready = await server.GetAsync("/health/ready");
        foreach (var path in asClientsOfTritonAsk)
            Assert.Equal((200, "True"), await ReadyAsync(path));

        Assert.Equal((200, 503, 200), ((int)live.Status, (int)notReady.Status, (int)ready.Status));
        Assert.Equal(("warming", "ok"), (notReady.Text("status"), ready.Text("status")));
        Assert.Equal("loaded", (await server.GetAsync("/api/models/sentiment")).Text("state"));

        async Task<(int, string)> ReadyAsync(string path)
        {
            var answer = await server.GetAsync(path);
            return ((int)answer.Status, answer.Text("ready"));
        }
    }

    [Fact]
    public async Task Health_ModelCannotBeWarmed_IsReadyAndServesTheOthers()
    {
        var server = await StartAsync(
            RunningServer.Model("a-missing", "/nowhere/model", warm: true),
            RunningServer.Model("sentiment", RunningServer.Sample("sentiment"), warm: true)
        );
        await server.WarmedAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/health/ready")).Status);
        Assert.Equal("loaded", (await server.GetAsync("/api/models/sentiment")).Text("state"));
    }

    private WebApplication Build(string url) =>
        LarderServer.Build(
            new LarderConfiguration
            {
                Source = "the test",
                Store = new ModelCacheOptions { StorePath = StorePath },
                Graphs = new GraphCacheOptions(),
                Models = new Dictionary<string, ServedModel>(StringComparer.Ordinal),
                Warnings = [],
            },
            url,
            logging => logging.ClearProviders()
        );
}
