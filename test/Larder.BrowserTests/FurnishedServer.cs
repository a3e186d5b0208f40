using System.Text;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Derived;
using Larder.Origins;
using Larder.Server.Access;
using Larder.Server.Configuration;
using Larder.Server.Dashboard.Traffic;
using Larder.TestKit;

namespace Larder.BrowserTests;

/// <summary>A server with something of everything: models loaded, stored and missing, chains of passes, pins, hits and errors.</summary>
internal static class FurnishedServer
{
    /// <summary>As long as a file's name can be, and of one word.</summary>
    public static readonly string LongName = string.Concat(Enumerable.Repeat("distilled-", 20)) + "v2";

    /// <summary>A name that would run a script if it were ever read as markup.</summary>
    public const string MarkupName = "<img src=x onerror=\"document.title='taken'\"><b>bold";

    public static async Task<DashboardServer> StartAsync(
        IReadOnlyList<AccessToken>? tokens = null,
        IEnumerable<ServedModel>? more = null
    )
    {
        var directory = new TempDirectory();
        var server = await DashboardServer.StartAsync(
            directory,
            [
                DashboardServer.Model("house-prices", DashboardServer.Sample("house-prices/v1")),
                DashboardServer.Model("sentiment", DashboardServer.Sample("sentiment")),
                DashboardServer.Model("churn", directory["origin/churn"]),
                .. more ?? [],
            ],
            tokens,
            capacityBytes: 200_000_000
        );
        await FillAsync(server, directory);
        return server;
    }

    private static async Task FillAsync(DashboardServer server, TempDirectory directory)
    {
        (string Name, int Bytes)[] models =
        [
            ("embeddings/large", 41_000_000),
            ("detector", 23_500_000),
            ("reranker", 9_200_000),
            (LongName, 4_100_000),
            (MarkupName, 1_300_000),
            ("tokenizer", 480_000),
        ];
        foreach (var ((name, bytes), seed) in models.Select((model, index) => (model, index + 1)))
            await PullAsync(
                server.Files,
                directory[Path.Combine("origin", name.Replace("/", "-", StringComparison.Ordinal))],
                bytes,
                seed
            );
        await server.Files.PinAsync(
            ModelReference.OfPath(directory["origin/reranker"]),
            cancellationToken: TestContext.Current.CancellationToken
        );
        // As others have asked for them who share the store.
        for (var i = 0; i < 60; i++)
        {
            foreach (var name in new[] { "embeddings-large", "detector", "tokenizer" })
            {
                using var _ = await server.Files.PullAsync(
                    ModelReference.OfPath(directory[$"origin/{name}"]),
                    cancellationToken: TestContext.Current.CancellationToken
                );
            }
        }
        await AddChainAsync(server.Files, directory);
        AddHistory(server);
    }

    private static async Task PullAsync(ModelCache files, string path, int bytes, int seed)
    {
        Directory.CreateDirectory(path);
        await File.WriteAllBytesAsync(
            Path.Combine(path, "model.onnx"),
            TestBytes.Of(bytes, seed),
            TestContext.Current.CancellationToken
        );
        using var _ = await files.PullAsync(
            ModelReference.OfPath(path),
            cancellationToken: TestContext.Current.CancellationToken
        );
    }

    // Stored as a workflow stores its results, without the minutes that one takes.
    private static async Task AddChainAsync(ModelCache files, TempDirectory directory)
    {
        var model = files.Find(ModelReference.OfPath(directory["origin/detector"]))!;
        var input = new JsonObject { ["manifest"] = model.Digest.ToString() };
        (string Name, int Bytes, int Seconds)[] passes =
        [
            ("onnx-optimize", 21_800_000, 41),
            ("onnx-quantize", 6_100_000, 95),
            ("onnx-metadata", 6_100_400, 1),
        ];
        var at = 100;
        foreach (var (name, bytes, seconds) in passes)
        {
            var key = EntryKey.Of(
                new JsonObject
                {
                    ["kind"] = "pass",
                    ["version"] = 1,
                    ["input"] = input.DeepClone(),
                    ["pass"] = new JsonObject { ["name"] = name, ["version"] = 2 },
                    ["config"] = new JsonObject { ["level"] = "extended" },
                    ["environment"] = new JsonObject { ["onnxruntime"] = "1.30.0" },
                    ["files"] = new JsonObject(),
                }
            );
            using var writer = await files.WriteAsync(key, bytes, TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(
                Path.Combine(writer.Path, "model.onnx"),
                TestBytes.Of(bytes, ++at),
                TestContext.Current.CancellationToken
            );
            await writer.CommitAsync(
                new DerivedSource(model.Reference, model.Digest, TimeSpan.FromSeconds(seconds)),
                TestContext.Current.CancellationToken
            );
            input = new JsonObject { ["pass"] = key.Digest.ToString() };
        }
    }

    // As if the server had run for most of an hour, with more and more callers who find what they want.
    private static void AddHistory(DashboardServer server)
    {
        var now = TimeProvider.System.GetUtcNow();
        var total = default(CacheCounts);
        for (var age = 47; age > 0; age--)
        {
            var wave = 24 + (int)(18 * Math.Sin(age / 5.0)) + (age * 7 % 11);
            var misses = Math.Max(0, (age - 30) / 2) + (age % 9 == 0 ? 3 : 0);
            total += new CacheCounts(wave / 6, misses / 2, wave * 9, misses);
            server.History.Add(now.AddMinutes(-age), total);
        }
    }

    /// <summary>Has callers come who are answered and who are not.</summary>
    public static async Task VisitAsync(DashboardServer server)
    {
        for (var i = 0; i < 5; i++)
        {
            await server.PredictAsync("house-prices", "house-prices/v1");
            await server.PredictAsync("sentiment", "sentiment");
        }
        foreach (
            var (id, body) in new[] { ("churn", "{\"inputs\":{}}"), ("house-prices", "{\"inputs\":{\"rooms\":[]}}") }
        )
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var _ = await server.Http.PostAsync(
                $"/api/models/{id}/predict",
                content,
                TestContext.Current.CancellationToken
            );
        }
    }
}
