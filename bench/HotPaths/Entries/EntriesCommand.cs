using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Larder.Store.Eviction;
using Larder.Store.Index;
using Larder.Store.Usage;
using Measuring;

namespace HotPaths.Entries;

/// <summary><c>entries</c>: a store of many entries beside an empty one: start, statistics, and the choice of victims.</summary>
internal static class EntriesCommand
{
    private const double ReadyLimitMilliseconds = 300;
    private const double StatsLimitMilliseconds = 150;
    private const double VictimsLimitMilliseconds = 200;
    private const double MemoryLimitMegabytes = 150;
    private const int Victims = 1000;

    public static Command Create()
    {
        var larder = Path("--larder", "The published command");
        var work = Path("--work", "A directory for the stores and the results");
        var entries = new Option<int>("--entries") { DefaultValueFactory = _ => 100_000, Description = "How many" };
        var rounds = new Option<int>("--rounds")
        {
            DefaultValueFactory = _ => 10,
            Description = "Runs of each command",
        };
        var command = new Command("entries", "A store of many entries") { larder, work, entries, rounds };
        command.SetAction(
            async (parsed, _) =>
                await RunAsync(
                    parsed.GetRequiredValue(larder),
                    System.IO.Path.GetFullPath(parsed.GetRequiredValue(work)),
                    parsed.GetValue(entries),
                    parsed.GetValue(rounds)
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(string larder, string work, int entries, int rounds)
    {
        Directory.CreateDirectory(work);
        var full = System.IO.Path.Combine(work, string.Create(CultureInfo.InvariantCulture, $"store-{entries}"));
        var empty = System.IO.Path.Combine(work, "store-empty");
        await FilledStore.MakeAsync(full, entries);
        await FilledStore.MakeAsync(empty, 0);

        var (emptyStats, fullStats) = (Stats(empty), Stats(full));
        var (emptyReady, fullReady) = (new ReadyTimes(), new ReadyTimes());
        for (var i = 0; i < rounds; i++)
        {
            await emptyStats.MeasureAsync();
            await fullStats.MeasureAsync();
            emptyReady.Add(await Ready.MeasureAsync(larder, empty));
            fullReady.Add(await Ready.MeasureAsync(larder, full));
        }

        var count = entries.ToString("n0", CultureInfo.InvariantCulture);
        var report = new Report($"A store of {count} entries", "median ms", "least ms");
        Row("larder stats, empty store", emptyStats.Times);
        Row($"larder stats, {count} entries", fullStats.Times);
        Row("larder serve until it listens, empty store", emptyReady.Listens);
        Row($"larder serve until it listens, {count} entries", fullReady.Listens);
        Row("larder serve until it answers, empty store", emptyReady.Answers);
        Row($"larder serve until it answers, {count} entries", fullReady.Answers);
        report.Result("larder stats, median ms", fullStats.Times.Median, StatsLimitMilliseconds);
        report.Result("listens, median ms", fullReady.Listens.Median, ReadyLimitMilliseconds);
        report.Result("answers, median ms", fullReady.Answers.Median, ReadyLimitMilliseconds);
        report.Result("larder stats, most MB", await fullStats.MemoryAsync(work), MemoryLimitMegabytes);
        report.Result(
            "larder evict --dry-run, which reads every entry, most MB",
            await new Invocation(larder, "evict", "--to", "1 kB", "--dry-run", "--quiet", "--store", full).MemoryAsync(
                work
            ),
            MemoryLimitMegabytes
        );
        await MeasureVictimsAsync(full, rounds, report);
        report.Write(System.IO.Path.Combine(work, "entries.json"));
        return 0;

        void Row(string name, Samples times) => report.Row(name, times.Median, times.Least);

        Invocation Stats(string store) => new(larder, "stats", "--store", store);
    }

    private static async Task MeasureVictimsAsync(string root, int rounds, Report report)
    {
        using var store = FilledStore.Open(root);
        var index = new StoreIndex(store, store.Layout, TimeProvider.System);
        var start = Stopwatch.GetTimestamp();
        index.Refresh();
        var read = Stopwatch.GetElapsedTime(start);
        var choice = new Samples();
        // A directory is listed once more when some seconds have passed: its time stamp is coarse.
        await Task.Delay(TimeSpan.FromSeconds(4));
        index.Refresh();
        for (var i = 0; i < rounds; i++)
        {
            start = Stopwatch.GetTimestamp();
            // As an eviction does each time: what changed since, what was used, and then one after another.
            index.Refresh();
            var uses = new UsageBook(store.Layout).Read().Entries;
            var queue = new VictimQueue(index, new CostPolicy(), uses, DateTimeOffset.UtcNow);
            for (var victim = 0; victim < Victims && queue.Next() is { } next; victim++)
                queue.Removed(next);
            choice.Add(Stopwatch.GetElapsedTime(start));
        }
        report.Row(
            "reading all entries for the first time, in memory after that",
            read.TotalMilliseconds,
            read.TotalMilliseconds
        );
        report.Row(
            string.Create(CultureInfo.InvariantCulture, $"choosing {Victims} victims after that"),
            choice.Median,
            choice.Least
        );
        report.Result("choosing victims, median ms", choice.Median, VictimsLimitMilliseconds);
    }

    private static Option<string> Path(string name, string description) =>
        new(name) { Description = description, Required = true };
}
