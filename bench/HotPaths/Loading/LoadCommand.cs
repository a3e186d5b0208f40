using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HotPaths.Prediction;
using Measuring;

namespace HotPaths.Loading;

/// <summary><c>load</c>: larder serve, without and with tokens, and a bare endpoint under load, in turns.</summary>
internal static class LoadCommand
{
    private const double LeastRate = 0.8;
    private const double MostP99 = 2;
    private const int WarmUpRounds = 5;
    private const string Token = "larder_bench";

    public static Command Create()
    {
        var larder = Required("--larder", "The published command");
        var bare = Required("--bare", "The published bare endpoint");
        var model = Required("--model", "The directory of the model, with its example");
        var work = Required("--work", "A directory for the store, the configurations and the results");
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 5 };
        var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 5, Description = "Of each round" };
        var connections = new Option<int>("--connections") { DefaultValueFactory = _ => 16 };
        var command = new Command("load", "Hot predictions under load")
        {
            larder,
            bare,
            model,
            work,
            rounds,
            seconds,
            connections,
        };
        command.SetAction(
            async (parsed, _) =>
                await RunAsync(
                    parsed.GetRequiredValue(larder),
                    parsed.GetRequiredValue(bare),
                    parsed.GetRequiredValue(model),
                    Path.GetFullPath(parsed.GetRequiredValue(work)),
                    parsed.GetValue(rounds),
                    parsed.GetValue(seconds),
                    parsed.GetValue(connections)
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        string larder,
        string bare,
        string model,
        string work,
        int rounds,
        int seconds,
        int connections
    )
    {
        Directory.CreateDirectory(work);
        var body = await File.ReadAllBytesAsync(Path.Combine(model, "example.json"));
        await using var open = await StartAsync(token: null);
        await using var guarded = await StartAsync(Token);
        await using var plain = await ServerProcess.StartAsync(
            bare,
            [Path.Combine(model, "model.onnx")],
            "/predict",
            body
        );
        await ThrowIfDifferentAsync(open, plain);
        await ThrowIfDifferentAsync(guarded, plain);
        LoadedServer[] servers =
        [
            new("larder serve", open, await ScriptAsync("open", null), connections),
            new("larder serve, tokens", guarded, await ScriptAsync("guarded", Token), connections),
            new("bare endpoint", plain, await ScriptAsync("bare", null), connections),
        ];

        // Until what is asked for often has been compiled for speed: the more code there is, the longer that goes on.
        for (var round = 0; round < WarmUpRounds; round++)
            foreach (var server in servers)
                await server.WarmUpAsync(seconds);
        for (var round = 0; round < rounds; round++)
            foreach (var server in servers)
                await server.RoundAsync(seconds);
        Write(servers, rounds, seconds, connections, Path.Combine(work, "load.json"));
        return 0;

        async Task<ServerProcess> StartAsync(string? token)
        {
            var name = token is null ? "open" : "guarded";
            var configuration = Path.Combine(work, $"{name}.json");
            await File.WriteAllTextAsync(configuration, Configuration(model, Path.Combine(work, name), token));
            return await ServerProcess.StartAsync(
                larder,
                ["serve", "--config", configuration, "--urls"],
                "/api/models/house-prices/predict",
                body,
                token
            );
        }

        async Task<string> ScriptAsync(string name, string? token)
        {
            var path = Path.Combine(work, $"{name}.lua");
            await File.WriteAllTextAsync(path, Wrk.Script(body, token));
            return path;
        }
    }

    private static void Write(LoadedServer[] servers, int rounds, int seconds, int connections, string path)
    {
        var report = new Report(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Hot predictions over {connections} connections, {rounds} rounds of {seconds} s each in turns"
            ),
            "requests/s",
            "median ms",
            "p99 ms",
            "processor us a request",
            "failed"
        );
        foreach (var server in servers)
            report.Row(
                server.Name,
                server.Middle(run => run.Rate),
                server.Middle(run => run.P50),
                server.Middle(run => run.P99),
                server.ProcessorTime,
                server.Runs.Sum(run => run.Failed)
            );
        var bare = servers[^1];
        foreach (var server in servers[..^1])
        {
            // Turned round, so that less is better here too.
            report.Result($"requests/s, bare / {server.Name}", bare.Ratio(server, run => run.Rate), 1 / LeastRate);
            report.Result($"p99, {server.Name} / bare", server.Ratio(bare, run => run.P99), MostP99);
            report.Result($"{server.Name}, requests that failed", server.Runs.Sum(run => run.Failed), 0);
        }
        report.Note("wrk runs on the same cores; its time is in all rows.");
        report.Write(path);
    }

    private static async Task ThrowIfDifferentAsync(ServerProcess larder, ServerProcess bare)
    {
        using var ours = JsonDocument.Parse(await larder.PredictAsync());
        using var theirs = JsonDocument.Parse(await bare.PredictAsync());
        if (
            !JsonElement.DeepEquals(
                ours.RootElement.GetProperty("prediction"),
                theirs.RootElement.GetProperty("prediction")
            )
        )
            throw new InvalidDataException("The two servers do not do the same work: 'prediction' differs.");
    }

    private static string Configuration(string model, string store, string? token)
    {
        var configuration = new JsonObject
        {
            ["store"] = new JsonObject { ["path"] = store },
            ["models"] = new JsonObject
            {
                ["house-prices"] = new JsonObject { ["from"] = new Uri(Path.GetFullPath(model)).AbsoluteUri },
            },
        };
        if (token is not null)
            configuration["server"] = new JsonObject
            {
                ["tokens"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "bench",
                        ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))),
                        ["scopes"] = new JsonArray("predict"),
                    }
                ),
            };
        return configuration.ToJsonString();
    }

    private static Option<string> Required(string name, string description) =>
        new(name) { Description = description, Required = true };
}
