using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Measuring;

namespace HotPaths.Prediction;

/// <summary><c>prediction</c>: larder serve beside a bare endpoint, in turns, so that a busy machine troubles both alike.</summary>
internal static class PredictionCommand
{
    private const double RatioLimit = 1.3;

    public static Command Create()
    {
        var larder = Path("--larder", "The published command");
        var bare = Path("--bare", "The published bare endpoint");
        var model = Path("--model", "The directory of the model, with its example");
        var work = Path("--work", "A directory for the store, the configuration and the results");
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 5 };
        var requests = new Option<int>("--requests") { DefaultValueFactory = _ => 2000, Description = "Of each round" };
        var command = new Command("prediction", "A hot prediction over HTTP")
        {
            larder,
            bare,
            model,
            work,
            rounds,
            requests,
        };
        command.SetAction(
            async (parsed, _) =>
                await RunAsync(
                    parsed.GetRequiredValue(larder),
                    parsed.GetRequiredValue(bare),
                    parsed.GetRequiredValue(model),
                    parsed.GetRequiredValue(work),
                    parsed.GetValue(rounds),
                    parsed.GetValue(requests)
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
        int requests
    )
    {
        var configuration = System.IO.Path.Combine(work, "larder.json");
        Directory.CreateDirectory(work);
        await File.WriteAllTextAsync(configuration, Configuration(model, System.IO.Path.Combine(work, "store")));
        var body = await File.ReadAllBytesAsync(System.IO.Path.Combine(model, "example.json"));

        await using var larderServer = await ServerProcess.StartAsync(
            larder,
            ["serve", "--config", configuration, "--urls"],
            "/api/models/house-prices/predict",
            body
        );
        await using var bareServer = await ServerProcess.StartAsync(
            bare,
            [System.IO.Path.Combine(model, "model.onnx")],
            "/predict",
            body
        );
        await ThrowIfDifferentAsync(larderServer, bareServer);

        Contestant ours = new(larderServer);
        Contestant theirs = new(bareServer);
        // Twice: what has been compiled again while the first went on shows its speed in the second.
        for (var i = 0; i < 2; i++)
        {
            await ours.WarmUpAsync(requests);
            await theirs.WarmUpAsync(requests);
        }
        for (var round = 0; round < rounds; round++)
        {
            await ours.LatencyRoundAsync(requests);
            await theirs.LatencyRoundAsync(requests);
            await ours.RateRoundAsync(requests);
            await theirs.RateRoundAsync(requests);
        }
        Write(ours, theirs, System.IO.Path.Combine(work, "prediction.json"));
        return 0;
    }

    private static void Write(Contestant ours, Contestant theirs, string path)
    {
        var report = new Report("Hot prediction over HTTP", "median ms", "p99 ms", "requests/s");
        report.Row("larder serve", ours.Times.Median, ours.Times.P99, ours.Rate);
        report.Row("bare endpoint", theirs.Times.Median, theirs.Times.P99, theirs.Rate);
        // Of each pair of rounds, which ran side by side, and then the middle one.
        var ratios = ours.Medians.Zip(theirs.Medians, (our, their) => our / their).Order().ToList();
        report.Result("median, larder / bare", ratios[ratios.Count / 2], RatioLimit);
        report.Note(
            "The client's own time is in both: one process asks both servers, over one connection for the median and eight for the rate."
        );
        report.Write(path);
    }

    private static async Task ThrowIfDifferentAsync(ServerProcess larder, ServerProcess bare)
    {
        using var ours = JsonDocument.Parse(await larder.PredictAsync());
        using var theirs = JsonDocument.Parse(await bare.PredictAsync());
        foreach (var name in (string[])["prediction", "outputs"])
        {
            if (!JsonElement.DeepEquals(ours.RootElement.GetProperty(name), theirs.RootElement.GetProperty(name)))
                throw new InvalidDataException($"The two servers do not do the same work: '{name}' differs.");
        }
    }

    private static string Configuration(string model, string store) =>
        new JsonObject
        {
            ["store"] = new JsonObject { ["path"] = System.IO.Path.GetFullPath(store) },
            ["models"] = new JsonObject
            {
                ["house-prices"] = new JsonObject { ["from"] = new Uri(System.IO.Path.GetFullPath(model)).AbsoluteUri },
            },
        }.ToJsonString();

    private static Option<string> Path(string name, string description) =>
        new(name) { Description = description, Required = true };
}
