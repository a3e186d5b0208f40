using System.Text.Json;
using Larder.TestKit;

namespace Larder.IntegrationTests;

[Trait("Category", "Integration")]
public sealed class WarmCommandTests : CommandTests
{
    [Fact]
    public async Task Warm_ListOfReferences_PullsEachAndTheNextTimeFetchesNothing()
    {
        var list = Write(
            "list.txt",
            $"# what the team uses\n{Sample(Prices)}\n\n{Sample("sentiment")}\n{Sample(Prices)}\n"
        );

        var first = (await RunAsync("warm", list, "--json")).Done().Json;
        var second = (await RunAsync("warm", list, "--json")).Done().Json;

        Assert.Equal((2, 0), (first.GetProperty("warmed").GetInt32(), first.GetProperty("failed").GetInt32()));
        Assert.Equal(["stored miss", "stored miss"], Models(first));
        Assert.True(first.GetProperty("bytes_fetched").GetInt64() > 0);
        Assert.Equal(["stored hit", "stored hit"], Models(second));
        Assert.Equal(0, second.GetProperty("bytes_fetched").GetInt64());
        StoreOnDisk.AssertWhole(StorePath);
    }

    [Fact]
    public async Task Warm_NoList_PullsTheModelsOfTheConfiguration()
    {
        var configuration = Serving("prices", new Uri(Sample(Prices)).AbsoluteUri);

        var answer = (await RunAsync("warm", "--config", configuration, "--json")).Done().Json;

        Assert.Equal("prices", answer.GetProperty("models")[0].GetProperty("model").GetString());
        (await RunAsync("pull", Sample(Prices), "--offline")).Done();
    }

    [Fact]
    public async Task Warm_JsonOnStandardInput_IsRead()
    {
        using var process = CommandProcess.Start(
            Here,
            ["warm", "-", "--config", Serving("prices", new Uri(Sample(Prices)).AbsoluteUri), "--json"],
            $"LARDER_STORE={StorePath}"
        );
        await process.WriteInputAsync("[\"prices\", /* a comment */]");
        var answer = (await process.EndAsync()).Done().Json;

        Assert.Equal(1, answer.GetProperty("warmed").GetInt32());
    }

    [Fact]
    public async Task Warm_OneOfThemIsMissing_PullsTheOthersAndIs3()
    {
        var list = Write("list.txt", $"/nowhere/model/\n{Sample(Prices)}\n");

        var result = (await RunAsync("warm", list, "--json")).Ended(3);

        Assert.Equal(
            (1, 1),
            (result.Json.GetProperty("warmed").GetInt32(), result.Json.GetProperty("failed").GetInt32())
        );
        Assert.Contains(
            "nowhere",
            result.Json.GetProperty("models")[0].GetProperty("error").GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("prices\n", "no model of the configuration")]
    [InlineData("# nothing\n", "names no model")]
    [InlineData("[1]", "is expected")]
    [InlineData("[\"a\"", "not a JSON array")]
    public async Task Warm_ListIsNonsense_Is2(string text, string message)
    {
        var result = (await RunAsync("warm", Write("list.txt", text))).Ended(2);

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warm_Interrupted_GoesOnWhereItEnded()
    {
        var bytes = TestBytes.Of(3_000_000, seed: 7);
        var gate = new Gate();
        gate.Close();
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(200, bytes.Length, "ETag: \"v1\"", "Accept-Ranges: bytes");
            if (exchange.IsHead)
                return;
            await exchange.SendBodyAsync(bytes.AsMemory(0, bytes.Length / 2));
            await gate.PassAsync(exchange.Stopping);
            await exchange.SendBodyAsync(bytes.AsMemory(bytes.Length / 2));
        });
        var list = Write("list.txt", $"{Sample(Prices)}\n{origin.Url("/model.bin")}\n");
        using (var process = CommandProcess.Start(Here, ["warm", list], $"LARDER_STORE={StorePath}"))
        {
            await gate.Reached;
            process.Interrupt();
            var broken = (await process.EndAsync()).Ended(130);
            Assert.Contains("1 of 2 models are done", broken.Error, StringComparison.Ordinal);
        }
        gate.Open();

        var answer = (await RunAsync("warm", list, "--json")).Done().Json;

        Assert.Equal(["stored hit", "stored miss"], Models(answer));
        StoreOnDisk.AssertWhole(StorePath);
    }

    [Fact]
    public async Task Warm_Server_LoadsByIdAndByReference()
    {
        using var server = await ServerProcess.StartAsync(
            Here,
            ["--config", Serving("prices", new Uri(Sample(Prices)).AbsoluteUri)],
            $"LARDER_STORE={StorePath}"
        );
        var byId = Write("ids.txt", "prices\n");
        var byReference = Write("references.txt", new Uri(Sample(Prices)).AbsoluteUri);

        var files = (await RunAsync("warm", byId, "--server", server.Url, "--files-only", "--json")).Done().Json;
        var first = (await RunAsync("warm", byId, "--server", server.Url, "--json")).Done().Json;
        var second = (await RunAsync("warm", byReference, "--server", server.Url, "--json")).Done().Json;
        var unknown = (await RunAsync("warm", Write("other.txt", "other\n"), "--server", server.Url)).Ended(3);

        Assert.Equal(["stored miss"], Models(files));
        Assert.Equal(["loaded hit"], Models(first));
        Assert.Equal(["loaded hit"], Models(second));
        Assert.Contains("No model has the id 'other'", unknown.Error, StringComparison.Ordinal);
        var answer = await server.PredictAsync(
            "prices",
            await File.ReadAllTextAsync(Example(Prices), TestContext.Current.CancellationToken)
        );
        Assert.Equal("hit", answer.GetProperty("cache").GetProperty("graph").GetString());
    }

    [Fact]
    public async Task Warm_ServerWantsAToken_GetsTheOneOfTheEnvironment()
    {
        string? seen = null;
        await using var server = new ScriptedHttpServer(exchange =>
        {
            seen = exchange.Headers["Authorization"];
            return exchange.AnswerAsync(401, """{"detail": "Who are you?"}"""u8.ToArray());
        });
        var list = Write("list.txt", "prices\n");

        var result = await RunAsync(
            ["warm", list, "--server", server.Url("/")],
            $"LARDER_STORE={StorePath}",
            "LARDER_TOKEN=hush-hush"
        );

        Assert.Equal("Bearer hush-hush", seen);
        Assert.Contains("LARDER_TOKEN", result.Ended(1).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hush-hush", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warm_NobodyIsThere_Is1()
    {
        var result = await RunAsync("warm", Write("list.txt", "prices\n"), "--server", "http://127.0.0.1:9");

        Assert.Contains("does not answer", result.Ended(1).Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Models(JsonElement answer) =>
        answer
            .GetProperty("models")
            .EnumerateArray()
            .Select(model => $"{model.GetProperty("state")} {model.GetProperty("outcome")}");
}
