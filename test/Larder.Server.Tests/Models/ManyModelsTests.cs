using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Larder.Graphs;
using Larder.Server.Configuration;
using Larder.Server.Tests.Http;

namespace Larder.Server.Tests.Models;

public sealed class ManyModelsTests : ServerTests
{
    private const string Prices = "house-prices/v1";
    private const int Count = 200;
    private const int Budget = 20;
    private const int Requests = 2000;

    [Fact]
    public async Task Start_200ModelsAndNoneWarm_IsReadyInUnderASecond()
    {
        var configuration = Configuration();
        await using (await RunningServer.StartAsync(configuration))
        {
            // What is compiled and opened by the first is not what is measured.
        }
        var start = Stopwatch.GetTimestamp();

        var server = await StartAsync(configuration);
        var ready = await server.GetAsync("/health/ready");
        var time = Stopwatch.GetElapsedTime(start);

        Assert.Equal(200, (int)ready.Status);
        Assert.True(time < TimeSpan.FromSeconds(1), $"It took {time}.");
    }

    [Fact]
    [SuppressMessage("Security", "CA5394", Justification = "The requests are to be the same each time.")]
    public async Task Serve_200ModelsInABudgetFor20_NoRequestFailsAndEachEvictionIsExplained()
    {
        var log = new LogLines();
        var configuration = Configuration();
        configuration.Graphs.MaxGraphs = Budget;
        var server = await StartAsync(configuration, log);
        var evictions = 0;
        var most = 0L;
        server.Graphs.Happened += (_, what) =>
        {
            if (what is { Kind: GraphEventKind.Evicted, Reason: EvictionReason.Room })
                Interlocked.Increment(ref evictions);
            Look();
        };
        const int seed = 20261122;
        TestContext.Current.TestOutputHelper?.WriteLine($"The seed is {seed}.");
        var wanted = Zipf(new Random(seed));
        var body = RunningServer.Example(Prices);

        await Parallel.ForEachAsync(
            wanted,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = 8,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (model, _) =>
            {
                var answer = await server.PredictAsync(Id(model), body);
                Assert.Equal((200, Id(model)), ((int)answer.Status, answer.Text("model_id")));
                Assert.Equal(403569, answer["prediction"].GetDouble(), 0.5);
                Look();
            }
        );

        // The last ones are told of on a thread of their own.
        var statistics = server.Graphs.Statistics;
        while (Explained().Count < statistics.Evictions || Volatile.Read(ref evictions) < statistics.Evictions)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.True(statistics.Evictions > 100, $"There were {statistics.Evictions} evictions.");
        Assert.Equal(statistics.Evictions, evictions);
        Assert.InRange(most, 1, Budget);
        Assert.Equal(0, statistics.Failures);
        foreach (var text in Explained())
            // What, how large, since when, why and for whom: by the ids of the configuration.
            Assert.Matches(
                @"^Evicted m\d{3} version [0-9a-f]{12} \(\d+ bytes on host, loaded for [\d.:]+, \d+ uses\): its room was needed for m\d{3} version [0-9a-f]{12}$",
                text
            );

        List<string> Explained() => [.. log.All.Where(line => line.Id == 19).Select(line => line.Text)];

        void Look()
        {
            // Loading and disposal count too: what is seen is what the machine has to bear.
            var graphs = server.Graphs.GetStatistics().Devices.Sum(device => device.Graphs);
            for (var seen = Volatile.Read(ref most); graphs > seen; )
                seen = Interlocked.CompareExchange(ref most, graphs, seen);
        }
    }

    private static string Id(int model) => $"m{model:000}";

    [SuppressMessage("Security", "CA5394", Justification = "The requests are to be the same each time.")]
    private static IEnumerable<int> Zipf(Random random)
    {
        var sums = new double[Count];
        var sum = 0.0;
        for (var i = 0; i < Count; i++)
            sums[i] = sum += 1.0 / (i + 1);
        for (var i = 0; i < Requests; i++)
        {
            var found = Array.BinarySearch(sums, random.NextDouble() * sum);
            yield return Math.Min(Count - 1, found < 0 ? ~found : found);
        }
    }

    // Each with a file of its own beside the model, so that no two are one.
    private LarderConfiguration Configuration()
    {
        var models = new Dictionary<string, ServedModel>(StringComparer.Ordinal);
        for (var i = 0; i < Count; i++)
        {
            var directory = Origin(Id(i), Prices);
            File.WriteAllText(Path.Combine(directory, "name.txt"), Id(i));
            models[Id(i)] = RunningServer.Model(Id(i), directory);
        }
        return new LarderConfiguration
        {
            Source = "the test",
            Store = new ModelCacheOptions { StorePath = StorePath },
            Graphs = new GraphCacheOptions(),
            Models = models,
            Warnings = [],
        };
    }
}
