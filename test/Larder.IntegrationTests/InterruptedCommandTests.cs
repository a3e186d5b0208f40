using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Larder.TestKit;

namespace Larder.IntegrationTests;

/// <summary>Ctrl-C ends a long command with 130 and one line; the same command goes on from what was kept.</summary>
/// <remarks>Of a pull see <see cref="PullCommandTests"/>.</remarks>
[Trait("Category", "Integration")]
[SupportedOSPlatform("linux")]
public sealed class InterruptedCommandTests : CommandTests
{
    private const int MiB = 1 << 20;

    private static readonly byte[] Model = TestBytes.Of(8 * MiB);

    [Fact]
    public async Task VerifyRepair_Interrupted_TheNextOneRepairs()
    {
        await using var origin = new HaltingOrigin(Model);
        (await RunAsync("pull", origin.Reference)).Done();
        Damage();
        origin.Halt();
        using var command = Start("verify", "--repair");
        await origin.IsHalted;
        command.Interrupt();

        var ended = await EndedAsync(command);

        Assert.Contains("What was found damaged is in the quarantine", ended, StringComparison.Ordinal);
        origin.GoOn();
        var repaired = (await RunAsync("verify", "--repair", "--json")).Done();
        Assert.Equal(1, repaired.Json.GetProperty("repaired").GetInt32());
        (await RunAsync("verify")).Done();
    }

    [Fact]
    public async Task Export_Interrupted_TheNextOneExports()
    {
        await using var origin = new HaltingOrigin(Model);
        string[] export = ["export", origin.Reference, "--hf-cache", At("hub"), "--repo", "team/model"];
        origin.Halt();
        using var command = Start(export);
        await origin.IsHalted;
        command.Interrupt();

        var ended = await EndedAsync(command);

        Assert.Contains("What was fetched is in the store", ended, StringComparison.Ordinal);
        origin.GoOn();
        var path = (await RunAsync([.. export, "--quiet"])).Done().Output.TrimEnd();
        Assert.Equal(
            Model,
            await File.ReadAllBytesAsync(Path.Combine(path, "model.onnx"), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task Run_Interrupted_TheNextOneGoesOnWithThePassThatWasRunning()
    {
        Directory.CreateDirectory(At("model"));
        Write("model/weights.bin", "weights");
        Write("first.sh", """cp "$LARDER_INPUT"/* "$LARDER_OUTPUT"/""");
        Write(
            "second.sh",
            $"""
            if [ ! -e '{At("go")}' ]; then echo waiting; exec sleep 600; fi
            cp "$LARDER_INPUT"/* "$LARDER_OUTPUT"/
            """
        );
        Write(
            "workflow.json",
            """
            {
              "input": "model",
              "passes": [
                { "name": "first", "type": "command", "config": { "run": ["sh", "first.sh"], "inputs": ["first.sh"] } },
                { "name": "second", "type": "command", "config": { "run": ["sh", "second.sh"], "inputs": ["second.sh"] } }
              ]
            }
            """
        );
        using var command = Start("run", "workflow.json", "--verbose");
        await command.ReadErrorToAsync("second: waiting");
        command.Interrupt();

        var ended = await EndedAsync(command);

        Assert.Contains("the passes that were done are kept", ended, StringComparison.Ordinal);
        Write("go", "");
        var passes = (await RunAsync("run", "workflow.json", "--json")).Done().Json.GetProperty("passes");
        Assert.Equal(
            ["local_hit", "computed"],
            passes.EnumerateArray().Select(pass => pass.GetProperty("outcome").GetString()!)
        );
    }

    [Fact]
    public async Task SharedPrune_Interrupted_TheNextOneRemovesTheRest()
    {
        await using var bucket = new HaltingBucket(orphans: 3, haltsAfter: 1);
        string[] prune = ["shared", "prune", "--yes", "--json", "--config", bucket.Configure(Here)];
        using (var command = CommandProcess.Start(Here, prune, bucket.Environment))
        {
            await bucket.IsHalted;
            await command.ReadErrorToAsync("1 of 3 objects removed");
            command.Interrupt();

            var ended = await EndedAsync(command);

            Assert.Contains("What was removed by then stays removed", ended, StringComparison.Ordinal);
        }
        Assert.Equal(2, bucket.Left);
        bucket.GoOn();

        var result = (await RunAsync(prune, [.. bucket.Environment])).Done();

        Assert.Equal(2, result.Json.GetProperty("removed_blobs").GetInt32());
        Assert.Equal(0, bucket.Left);
    }

    private CommandProcess Start(params string[] arguments) =>
        CommandProcess.Start(Here, arguments, $"LARDER_STORE={StorePath}", "LARDER__TRANSFER__CONNECTIONS=1");

    /// <summary>What the last line said, which is the only one about the end.</summary>
    private static async Task<string> EndedAsync(CommandProcess command)
    {
        var result = (await command.EndAsync()).Ended(130);
        var last = result.Error.TrimEnd().Split('\n')[^1];
        Assert.StartsWith("larder: Cancelled. ", last, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        return last;
    }

    private void Damage()
    {
        var blob = Directory
            .EnumerateFiles(Path.Combine(StorePath, "blobs"), "*", SearchOption.AllDirectories)
            .Single(path => new FileInfo(path).Length == Model.Length);
        File.SetUnixFileMode(blob, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllBytes(blob, new byte[8 * MiB]);
    }

    /// <summary>An HTTP origin of one file that can stop in the middle of it.</summary>
    private sealed class HaltingOrigin : IAsyncDisposable
    {
        private readonly ScriptedHttpServer _server;
        private readonly TaskCompletionSource _isHalted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _halts;

        public HaltingOrigin(byte[] model) =>
            _server = new ScriptedHttpServer(async exchange =>
            {
                string[] headers = ["ETag: \"v1\"", "Accept-Ranges: bytes"];
                if (exchange.IsHead || !_halts)
                {
                    await exchange.AnswerPartAsync(model, headers);
                    return;
                }
                await exchange.SendHeadAsync(200, model.Length, headers);
                await exchange.SendBodyAsync(model.AsMemory(0, model.Length / 2));
                _isHalted.TrySetResult();
                await Task.Delay(Timeout.Infinite, exchange.Stopping);
            });

        public string Reference => _server.Url("/model.onnx");

        public Task IsHalted => _isHalted.Task.WaitAsync(TestContext.Current.CancellationToken);

        public void Halt() => _halts = true;

        public void GoOn() => _halts = false;

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }

    /// <summary>A bucket with blobs that no entry needs, which can stop in the middle of removals.</summary>
    private sealed class HaltingBucket : IAsyncDisposable
    {
        private readonly ScriptedHttpServer _server;
        private readonly TaskCompletionSource _isHalted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
        private int _untilHalt;

        public HaltingBucket(int orphans, int haltsAfter)
        {
            _untilHalt = haltsAfter;
            foreach (var number in Enumerable.Range(0, orphans))
                _names.Add($"blobs/sha256/aa/{new string((char)('0' + number), 62)}");
            _server = new ScriptedHttpServer(AnswerAsync);
        }

        public Task IsHalted => _isHalted.Task.WaitAsync(TestContext.Current.CancellationToken);

        public int Left
        {
            get
            {
                lock (_lock)
                    return _names.Count;
            }
        }

        public string[] Environment { get; } =
        ["AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_REGION=us-east-1"];

        public string Configure(string directory)
        {
            var path = Path.Combine(directory, "bucket.json");
            File.WriteAllText(
                path,
                $$"""
                {
                  "store": { "path": "{{directory}}/store" },
                  "origins": { "s3": { "endpoint": "http://127.0.0.1:{{_server.Port}}", "path_style": true } },
                  "shared": { "url": "s3://team/" }
                }
                """
            );
            return path;
        }

        public void GoOn() => Volatile.Write(ref _untilHalt, int.MaxValue);

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private async Task AnswerAsync(HttpExchange exchange)
        {
            var name = Uri.UnescapeDataString(exchange.Target.Split('?')[0]["/team".Length..]).TrimStart('/');
            if (exchange.Method == "GET" && name.Length == 0)
            {
                await exchange.AnswerAsync(200, Listing(exchange.Target), "Content-Type: application/xml");
                return;
            }
            if (exchange.Method == "DELETE")
            {
                if (Interlocked.Decrement(ref _untilHalt) < 0)
                {
                    _isHalted.TrySetResult();
                    await Task.Delay(Timeout.Infinite, exchange.Stopping);
                }
                lock (_lock)
                    _names.Remove(name);
                await exchange.AnswerAsync(204);
                return;
            }
            bool isThere;
            lock (_lock)
                isThere = _names.Contains(name);
            await exchange.AnswerAsync(exchange.IsHead && isThere ? 200 : 404, "ETag: \"e\"");
        }

        private byte[] Listing(string target)
        {
            var asked = Uri.UnescapeDataString(target);
            lock (_lock)
            {
                var names = _names.Where(name => asked.Contains("prefix=blobs/", StringComparison.Ordinal)).ToList();
                var text = new StringBuilder(
                    """<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>team</Name>"""
                );
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"<KeyCount>{names.Count}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>"
                );
                foreach (var name in names)
                    text.Append(
                        CultureInfo.InvariantCulture,
                        $"<Contents><Key>{name}</Key><LastModified>2020-01-01T00:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>10</Size><StorageClass>STANDARD</StorageClass></Contents>"
                    );
                return Encoding.UTF8.GetBytes(text.Append("</ListBucketResult>").ToString());
            }
        }
    }
}
