using System.Collections.Concurrent;
using Larder.TestKit;

namespace Larder.IntegrationTests;

// Pulls over HTTP: what the origin does wrong, what a person stops, what must not be told.
public sealed partial class PullCommandTests
{
    [Fact]
    public async Task Pull_HttpFile_IsFetchedOnce()
    {
        await using var origin = ScriptedHttpServer.Serving(ModelBytes(Prices));

        await RunAsync("pull", origin.Url("/model.onnx"));
        var second = (await RunAsync("pull", origin.Url("/model.onnx"), "--json")).Done();

        Assert.Equal(["HEAD /model.onnx", "GET /model.onnx"], origin.Requests);
        Assert.True(second.Json.GetProperty("from_cache").GetBoolean());
    }

    [Theory]
    [InlineData(404, 3)]
    [InlineData(410, 3)]
    [InlineData(403, 1)]
    [InlineData(500, 1)]
    public async Task Pull_OriginRefuses_SaysWhatItAnswered(int status, int exitCode)
    {
        await using var origin = new ScriptedHttpServer(exchange => exchange.AnswerAsync(status));

        var result = (await RunAsync("pull", origin.Url("/model.onnx"), "--json")).Ended(exitCode);

        Assert.Contains($"answered {status}", result.Error, StringComparison.Ordinal);
        Assert.Equal(exitCode, result.Json.GetProperty("error").GetProperty("exit_code").GetInt32());
        Assert.Equal("OriginException", result.Json.GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Pull_BodyBreaksOff_StoresNothing()
    {
        var model = ModelBytes(Prices);
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(200, model.Length, "ETag: \"v1\"");
            if (!exchange.IsHead)
                await exchange.SendBodyAsync(model.AsMemory(0, 1000));
        });

        var result = (
            await RunAsync(
                ["pull", origin.Url("/model.onnx")],
                $"LARDER_STORE={StorePath}",
                "LARDER__TRANSFER__RETRIES=0"
            )
        ).Ended(1);

        Assert.Contains($"broke off after 1000 of {model.Length} bytes", result.Error, StringComparison.Ordinal);
        StoreOnDisk.AssertWhole(StorePath);
    }

    [Fact]
    public async Task Pull_ConnectionIsLostInTheMiddle_GoesOnWhereItWas()
    {
        const int block = 1 << 20;
        var model = TestBytes.Of((5 * block) + 17);
        var requests = new ConcurrentQueue<(int First, int Last)?>();
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            string[] headers = ["ETag: \"v1\"", "Accept-Ranges: bytes"];
            if (exchange.IsHead)
            {
                await exchange.AnswerAsync(200, model, headers);
                return;
            }
            requests.Enqueue(exchange.Range);
            if (requests.Count > 1)
            {
                await exchange.AnswerPartAsync(model, headers);
                return;
            }
            await exchange.SendHeadAsync(200, model.Length, headers);
            await exchange.SendBodyAsync(model.AsMemory(0, (2 * block) + 1000));
        });

        var result = (await RunAsync("pull", origin.Url("/model.onnx"), "--json")).Done();

        Assert.Equal([null, (2 * block, model.Length - 1)], requests);
        Assert.Equal(model.Length, result.Json.GetProperty("bytes_fetched").GetInt64());
        StoreOnDisk.AssertWhole(StorePath);
    }

    [Fact]
    public async Task Pull_Interrupted_Is130AndTheNextOneWorks()
    {
        var model = ModelBytes(Prices);
        var gate = new Gate();
        gate.Close();
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(200, model.Length, "ETag: \"v1\"");
            if (exchange.IsHead)
                return;
            await exchange.SendBodyAsync(model.AsMemory(0, 1000));
            await gate.PassAsync(exchange.Stopping);
            await exchange.SendBodyAsync(model.AsMemory(1000));
        });
        using var process = CommandProcess.Start(
            Here,
            ["pull", origin.Url("/model.onnx")],
            $"LARDER_STORE={StorePath}"
        );
        await gate.Reached;

        process.Interrupt();

        var result = (await process.EndAsync()).Ended(130);
        Assert.StartsWith("larder: Cancelled. ", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Error.Count(character => character == '\n'));
        Assert.Empty(result.Output);
        gate.Open();
        (await RunAsync("pull", origin.Url("/model.onnx"))).Done();
        StoreOnDisk.AssertWhole(StorePath);
    }

    [Fact]
    public async Task Pull_SecretsInTheReference_AreToldNowhere()
    {
        await using var origin = ScriptedHttpServer.Serving(ModelBytes(Prices));
        var secret = origin.Url("/model.onnx?sig=hush", userInfo: "someone:hush@");

        CommandResult[] results =
        [
            (await RunAsync("pull", secret, "--verbose")).Done(),
            (await RunAsync("pull", secret, "--json")).Done(),
            (await RunAsync("list")).Done(),
            (await RunAsync("list", "--json")).Done(),
            (await RunAsync("show", secret)).Done(),
            (await RunAsync("show", secret, "--json")).Done(),
            (await RunAsync("pull", secret, "--digest", new string('0', 64), "--verbose")).Ended(4),
            (await RunAsync("clear", secret, "--yes")).Done(),
            (await RunAsync("show", secret, "--json")).Ended(3),
        ];
        CommandResult[] failed =
        [
            (
                await RunAsync("pull", "http://someone:hush@127.0.0.1:1/model.onnx?sig=hush", "--verbose", "--json")
            ).Ended(1),
            (await RunAsync("pull", "http://someone:hush@host:port/?sig=hush", "--verbose")).Ended(2),
        ];

        Assert.All(
            [.. results, .. failed],
            result => Assert.DoesNotContain("hush", result.Output + result.Error, StringComparison.Ordinal)
        );
        Assert.All(
            Directory.EnumerateFiles(StorePath, "*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain("hush", File.ReadAllText(file), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Pull_EightAtOnceOnANewStore_TheOriginServesEachByteOnce()
    {
        const int blockSize = 1 << 20;
        const int blocks = 256;
        var gate = new Gate();
        gate.Close();
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            await gate.PassAsync(exchange.Stopping);
            await exchange.SendHeadAsync(200, (long)blocks * blockSize, "ETag: \"v1\"");
            for (var i = 0; !exchange.IsHead && i < blocks; i++)
                await exchange.SendBodyAsync(TestBytes.Block(blockSize, i));
        });

        var processes = Enumerable
            .Range(0, 8)
            .Select(_ =>
                CommandProcess.Start(
                    Here,
                    ["pull", origin.Url("/weights.bin"), "--json", "--verbose"],
                    $"LARDER_STORE={StorePath}"
                )
            )
            .ToList();
        // All eight are in the store before the first of them gets an answer.
        await Task.WhenAll(processes.Select(process => process.ReadErrorToAsync("Opened the store")));
        gate.Open();
        var results = await Task.WhenAll(processes.Select(process => process.EndAsync()));
        processes.ForEach(process => process.Dispose());

        Assert.All(results, result => result.Done());
        Assert.Single(results.Select(result => result.Json.GetProperty("digest").GetString()).Distinct());
        Assert.Equal((long)blocks * blockSize, origin.BodyBytes);
        Assert.Equal(["HEAD /weights.bin", "GET /weights.bin"], origin.Requests);
        Assert.Single(results, result => !result.Json.GetProperty("from_cache").GetBoolean());
        StoreOnDisk.AssertWhole(StorePath);
    }
}
