using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Larder;
using Larder.Graphs;
using Larder.Origins;
using Larder.Workers;
using Measuring;

namespace HotPaths.Workers;

/// <summary><c>workers</c>: a hot prediction by a worker process, beside bare pipes to the same worker.</summary>
internal static class WorkersCommand
{
    private const string Echo =
        "from larder_worker import serve\nserve(lambda inputs: {'sum': sum(inputs['values'])})\n";
    private const string Inputs = """{"values": [1.5, 2.5, 3.5, 4.5]}""";
    private const int WarmUp = 500;
    private const double LimitMilliseconds = 0.2;

    public static Command Create()
    {
        var work = new Option<string>("--work") { Description = "A directory for the results", Required = true };
        var worker = new Option<string>("--worker") { Description = "The path of larder_worker.py", Required = true };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 15, Description = "Rounds of both" };
        var command = new Command("workers", "A worker through Larder and through bare pipes") { work, worker, rounds };
        command.SetAction(
            async (parsed, _) =>
                await RunAsync(parsed.GetRequiredValue(work), parsed.GetRequiredValue(worker), parsed.GetValue(rounds))
        );
        return command;
    }

    private static async Task<int> RunAsync(string work, string worker, int rounds)
    {
        const int Asked = 1000;
        const string Python = "python3";
        var model = Path.GetFullPath(Path.Combine(work, "model"));
        Directory.CreateDirectory(model);
        File.Copy(worker, Path.Combine(model, "larder_worker.py"), overwrite: true);
        await File.WriteAllTextAsync(Path.Combine(model, "serve.py"), Echo);
        using var body = JsonDocument.Parse($$"""{"inputs": {{Inputs}}}""");
        using var files = new ModelCache(new ModelCacheOptions { StorePath = Path.Combine(work, "store") });
        await using var graphs = new GraphCache(new GraphCacheOptions());
        var models = new WorkerModels(files, graphs);
        var request = new WorkerModelRequest(
            ModelReference.OfPath(model),
            new WorkerProgram([Python, "{snapshot}/serve.py"])
        );
        using var bare = new BareWorker(Python, Path.Combine(model, "serve.py"));
        for (var i = 0; i < WarmUp; i++)
        {
            bare.Ask(Inputs);
            await models.PredictAsync(request, body.RootElement);
        }

        Samples pipes = new(),
            workers = new();
        var ratios = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            Samples bareRound = new(),
                workerRound = new();
            for (var i = 0; i < Asked; i++)
            {
                var start = Stopwatch.GetTimestamp();
                bare.Ask(Inputs);
                bareRound.Add(Stopwatch.GetElapsedTime(start));
            }
            for (var i = 0; i < Asked; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await models.PredictAsync(request, body.RootElement);
                workerRound.Add(Stopwatch.GetElapsedTime(start));
            }
            pipes.Add(bareRound);
            workers.Add(workerRound);
            ratios.Add(workerRound.Median / bareRound.Median);
        }

        var report = new Report("A hot prediction by a worker, beside bare pipes to it", "median ms", "p99 ms");
        report.Row("bare pipes", pipes.Median, pipes.P99);
        report.Row("WorkerModels", workers.Median, workers.P99);
        report.Result("Larder's own time for a prediction, ms", workers.Median - pipes.Median, LimitMilliseconds);
        report.Note($"The middle ratio of {rounds} rounds: {ratios.Order().ElementAt(ratios.Count / 2):0.##}.");
        report.Write(Path.Combine(work, "workers.json"));
        return 0;
    }
}
