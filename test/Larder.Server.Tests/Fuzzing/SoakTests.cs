using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Larder.Server.Configuration;
using Larder.Server.Tests.Http;

namespace Larder.Server.Tests.Fuzzing;

/// <summary>
/// A server at work for long: more models than it may load and more files than it may store, whose versions change, and which
/// administrators clear, pin and reload meanwhile. LARDER_SOAK_MINUTES is how long, 60 when it is not set.
/// </summary>
[Collection(AloneCollection.Name)]
[SuppressMessage("Security", "CA5394", Justification = "A seed is to give the same requests again.")]
public sealed class SoakTests(ITestOutputHelper output) : ServerTests
{
    private const int Models = 12;
    private const int Loaded = 4;
    private const int Callers = 4;
    private const int Looks = 20;
    private const int OwnBytes = 200_000;
    private const string Capacity = "2 MB";
    private const long Megabyte = 1_000_000;
    private const string NoRoom = "no room for a moment";

    private static readonly TimeSpan Meanwhile = TimeSpan.FromSeconds(10);

    // What the two versions of the sample answer to its example.
    private static readonly double[] Prices = [403569.25, 441154.0];

    private static readonly string Example = RunningServer.Example("house-prices/v1");

    private readonly ConcurrentDictionary<string, int> _answers = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<string, long> _written = new();

    [Fact]
    [Trait("Category", "Full")]
    public async Task Serve_ForLong_NothingGrows()
    {
        var time = TimeSpan.FromMinutes(
            double.TryParse(
                Environment.GetEnvironmentVariable("LARDER_SOAK_MINUTES"),
                CultureInfo.InvariantCulture,
                out var minutes
            )
                ? minutes
                : 60
        );
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}, {time}");
        for (var i = 0; i < Models; i++)
            Write(i, version: 1);
        await WriteConfigurationAsync(Models);
        using var log = new FuzzLog();
        var server = await StartAsync(ConfigurationLoader.Load(At("larder.json")), log);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var work = Enumerable
            .Range(0, Callers)
            .Select(caller => Task.Run(() => PredictAsync(server, new Random(seed + caller), end.Token)))
            .Append(Task.Run(() => AdministerAsync(server, new Random(seed + Callers), end.Token)))
            .ToList();

        // The first twentieth is for what is made once and kept: connections, compiled code, histories of a bounded length.
        var sizes = new List<(ProcessSize Process, int Files)>();
        for (var look = 0; look < Looks && _faults.IsEmpty; look++)
        {
            await Task.Delay(time / Looks, TestContext.Current.CancellationToken);
            sizes.Add((ProcessSize.Measure(), CountFiles()));
            output.WriteLine(
                $"{time / Looks * (look + 1):hh\\:mm\\:ss} {sizes[^1].Process}, {sizes[^1].Files} files, {_answers.Values.Sum()} answers"
            );
        }
        await end.CancelAsync();
        await Task.WhenAll(work);

        foreach (var (answer, count) in _answers.OrderByDescending(answer => answer.Value))
            output.WriteLine($"{count, 8} {answer}");
        foreach (var note in log.Notes)
            output.WriteLine(note);
        var graphs = server.Graphs.Statistics;
        output.WriteLine(
            $"{graphs.Evictions} evictions of graphs, {server.Files.GetStatistics().Cache.Evictions} of files"
        );
        Assert.True(_faults.IsEmpty, string.Join('\n', _faults.Take(5)));
        Assert.Empty(log.Faults);
        Assert.InRange(_answers.GetValueOrDefault(NoRoom), 0, _answers.Values.Sum() / 1000);
        var (before, files) = sizes[0];
        var allowed = before.Plus(handles: 30, threads: 30, 20 * Megabyte, 150 * Megabyte);
        var after = await ProcessSize.MeasureAsync(allowed);
        Assert.True(after.IsWithin(allowed), $"It grew from {before} to {after}.");
        Assert.InRange(CountFiles(), 0, files + 100);
        foreach (var directory in (string[])["staging", "partial"])
            await EmptyAsync(Path.Combine(StorePath, directory));
        Assert.True(graphs.Evictions > 0 && server.Files.GetStatistics().Cache.Evictions > 0);
        Assert.True(_answers.ContainsKey("refresh changed"));
    }

    private static string Id(int model) => $"m{model:00}";

    private static IEnumerable<string> FilesIn(string directory) =>
        Directory.Exists(directory) ? Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories) : [];

    // The server goes on looking for newer versions by itself; what it leaves behind would be there at every moment.
    private static async Task EmptyAsync(string directory)
    {
        var start = Stopwatch.GetTimestamp();
        var files = FilesIn(directory).ToHashSet();
        while (files.Count > 0 && Stopwatch.GetElapsedTime(start) < Meanwhile)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
            files.IntersectWith(FilesIn(directory));
        }
        Assert.Empty(files);
    }

    private int CountFiles() =>
        FilesIn(StorePath).Count() + Directory.EnumerateFileSystemEntries(Path.GetTempPath(), "larder*").Count();

    // Each with a file of its own beside the model, so that no two are one.
    private void Write(int model, int version)
    {
        _written[Id(model)] = Stopwatch.GetTimestamp();
        var directory = Directory.CreateDirectory(At(Id(model))).FullName;
        Put("model.onnx", Path.Combine(RunningServer.Sample($"house-prices/v{version}"), "model.onnx"));
        if (File.Exists(Path.Combine(directory, "own.bin")))
            return;
        var bytes = new byte[OwnBytes];
        new Random(model).NextBytes(bytes);
        File.WriteAllBytes(Path.Combine(directory, "own.bin"), bytes);

        void Put(string name, string from)
        {
            // By a rename, as everybody should who changes what others read.
            File.Copy(from, At("new"), overwrite: true);
            File.Move(At("new"), Path.Combine(directory, name), overwrite: true);
        }
    }

    private async Task WriteConfigurationAsync(int models)
    {
        var configuration = new JsonObject
        {
            ["store"] = new JsonObject { ["path"] = StorePath, ["capacity"] = Capacity },
            ["graphs"] = new JsonObject { ["max_graphs"] = Loaded },
            ["models"] = new JsonObject(
                Enumerable
                    .Range(0, models)
                    .Select(model =>
                        KeyValuePair.Create<string, JsonNode?>(
                            Id(model),
                            new JsonObject
                            {
                                ["from"] = new Uri(At(Id(model)) + "/").AbsoluteUri,
                                ["fresh_for"] = "1 s",
                            }
                        )
                    )
            ),
        };
        await File.WriteAllTextAsync(
            At("larder.json.new"),
            configuration.ToJsonString(),
            TestContext.Current.CancellationToken
        );
        File.Move(At("larder.json.new"), At("larder.json"), overwrite: true);
    }

    private async Task PredictAsync(RunningServer server, Random random, CancellationToken end)
    {
        while (!end.IsCancellationRequested && _faults.IsEmpty)
        {
            // A few often, most seldom. The last one comes and goes.
            var model = (int)((Models - 1) * Math.Pow(random.NextDouble(), 3));
            await AskAsync(
                "predict",
                async () =>
                {
                    var answer = await server.PredictAsync(Id(model), Example);
                    if (!Expect(answer, Id(model)))
                        return;
                    var price = answer["prediction"].GetDouble();
                    if (!Array.Exists(Prices, known => Math.Abs(known - price) < 1))
                        _faults.Enqueue($"{Id(model)} predicts {price}.");
                }
            );
        }
    }

    private async Task AdministerAsync(RunningServer server, Random random, CancellationToken end)
    {
        for (var turn = 0; !end.IsCancellationRequested && _faults.IsEmpty; turn++)
        {
            var id = random.Next(Models - 1);
            switch (random.Next(10))
            {
                case 0:
                    await PostAsync("warm");
                    break;
                case 1:
                    await PostAsync("unpin");
                    break;
                case 2:
                    await AskAsync(
                        "clear",
                        async () => Expect(await server.DeleteAsync($"/api/models/cache?model_id={Id(id)}"), Id(id))
                    );
                    break;
                case 3 when turn % 20 == 0:
                    await AskAsync("clear all", async () => Expect(await server.DeleteAsync("/api/models/cache"), ""));
                    break;
                case 4:
                    await AskAsync("reload", () => WriteConfigurationAsync(random.Next(2) == 0 ? Models : Models - 1));
                    break;
                case 5:
                    foreach (var path in (string[])["/", "/metrics", "/dashboard/live"])
                        await AskAsync(path, async () => await server.Http.GetStringAsync(path, end));
                    break;
                case 6:
                    await AskAsync("stats", async () => Expect(await server.GetAsync("/api/models/cache/stats"), ""));
                    await AskAsync("models", async () => Expect(await server.GetAsync("/api/models"), ""));
                    break;
                case 7:
                    await AskAsync("meta", async () => Expect(await server.GetAsync($"/v2/models/{Id(id)}"), Id(id)));
                    break;
                default:
                    Write(id, random.Next(1, 3));
                    await AskAsync(
                        "refresh",
                        async () =>
                        {
                            var answer = await server.PostAsync($"/api/models/{Id(id)}/refresh");
                            if (Expect(answer, Id(id)) && answer["changed"].GetBoolean())
                                Count("refresh changed");
                        }
                    );
                    break;
            }
            await Task.Delay(random.Next(50), CancellationToken.None);

            Task PostAsync(string verb) =>
                AskAsync(verb, async () => Expect(await server.PostAsync($"/api/models/{Id(id)}/{verb}"), Id(id)));
        }
    }

    private async Task AskAsync(string what, Func<Task> ask)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await ask();
            Count(what);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
        catch (Exception failure)
        {
            _faults.Enqueue($"{what} failed after {Stopwatch.GetElapsedTime(start)}: {failure}");
        }
    }

    // A pull during which its origin changes is given up rather than mixed of two versions, and its caller asked to try again.
    private bool Expect(Answer answer, string about)
    {
        if (answer.Status is HttpStatusCode.OK)
            return true;
        if (
            (int)answer.Status == 503
            && answer.Text("type").EndsWith(":origin-unavailable", StringComparison.Ordinal)
            && _written.TryGetValue(about, out var when)
            && Stopwatch.GetElapsedTime(when) < Meanwhile
        )
            Count("origin changed meanwhile");
        else if ((int)answer.Status == 503 && answer.Text("type").EndsWith(":no-room", StringComparison.Ordinal))
            // The store has room for fewer than can be in use at one moment when the machine has much else to do.
            Count(NoRoom);
        else
            _faults.Enqueue($"{about} was answered {answer.Status}: {answer.Json}");
        return false;
    }

    private void Count(string what) => _answers.AddOrUpdate(what, 1, (_, count) => count + 1);
}
