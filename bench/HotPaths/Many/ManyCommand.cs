using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Measuring;

namespace HotPaths.Many;

/// <summary><c>zipf</c>: 200 models in a budget for 20, asked for as models are: a few often, most seldom.</summary>
internal static class ManyCommand
{
    private const int Models = 200;
    private const int Budget = 20;
    private const int Callers = 8;
    private const int Seed = 20261122;
    private const double ReadyLimitSeconds = 1;

    public static Command Create()
    {
        var larder = Required("--larder", "The published command");
        var model = Required("--model", "A model with an example.json");
        var work = Required("--work", "A directory for the store and the results");
        var requests = new Option<int>("--requests") { DefaultValueFactory = _ => 20_000, Description = "How many" };
        var command = new Command("zipf", "Many models in a small budget") { larder, model, work, requests };
        command.SetAction(
            async (parsed, _) =>
                await RunAsync(
                    parsed.GetRequiredValue(larder),
                    parsed.GetRequiredValue(model),
                    Path.GetFullPath(parsed.GetRequiredValue(work)),
                    parsed.GetValue(requests)
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(string larder, string model, string work, int requests)
    {
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        var configuration = ManyModels.Make(model, work, Models, Budget);
        var body = await File.ReadAllBytesAsync(Path.Combine(model, "example.json"));
        var (hits, misses, failed, most) = (new Samples(), new Samples(), 0, 0L);
        var (server, ready) = await LoggedServer.StartAsync(larder, configuration);
        await using var _ = server;
        using var end = new CancellationTokenSource();
        var watch = WatchAsync();

        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            ManyModels.Requests(Models, requests, Seed),
            new ParallelOptions { MaxDegreeOfParallelism = Callers },
            async (wanted, _) =>
            {
                var asked = Stopwatch.GetTimestamp();
                var isHit = await server.PredictAsync(ManyModels.Id(wanted), body);
                var time = Stopwatch.GetElapsedTime(asked);
                if (isHit is null)
                    Interlocked.Increment(ref failed);
                else
                    lock (hits)
                        (isHit.Value ? hits : misses).Add(time);
            }
        );
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await end.CancelAsync();
        await watch;
        // The last lines of the log are on their way still.
        var evictions = (await server.GraphsAsync()).GetProperty("evictions").GetInt64();
        for (var i = 0; i < 200 && server.Explained < evictions; i++)
            await Task.Delay(TimeSpan.FromMilliseconds(10));

        var report = new Report(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Models} models in a budget for {Budget}, {requests} requests by Zipf's law, {Callers} at once"
            ),
            "requests",
            "median ms",
            "p99 ms"
        );
        report.Row("model is loaded", hits.Count, hits.Median, hits.P99);
        report.Row("model has to be loaded", misses.Count, misses.Median, misses.P99);
        report.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{requests / seconds:0} requests a second; {evictions} evictions, {server.Explained} of them explained in the log; seed {Seed}"
            )
        );
        report.Result(
            "ready, seconds from the start of the process, none of the models warm",
            ready.TotalSeconds,
            ReadyLimitSeconds
        );
        report.Result("requests that failed", failed, 0);
        report.Result("most graphs at once, loading and disposal included", most, Budget);
        report.Result("evictions that the log does not explain", evictions - server.Explained, 0);
        report.Write(Path.Combine(work, "zipf.json"));
        return 0;

        async Task WatchAsync()
        {
            while (!end.IsCancellationRequested)
            {
                var devices = (await server.GraphsAsync()).GetProperty("devices");
                most = Math.Max(most, devices.EnumerateArray().Sum(device => device.GetProperty("graphs").GetInt64()));
                await Task.Delay(TimeSpan.FromMilliseconds(5));
            }
        }
    }

    private static Option<string> Required(string name, string description) =>
        new(name) { Description = description, Required = true };
}
