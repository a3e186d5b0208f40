using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Larder.Recordings;
using Measuring;

namespace HotPaths.Recordings;

/// <summary><c>recordings</c>: replay from a directory of few and of many recordings, and a miss among many.</summary>
internal static class RecordingsCommand
{
    private const double HitLimitMicroseconds = 60;
    private const double FirstHitLimitMicroseconds = 300;
    private const double MissLimitMilliseconds = 100;
    private const int Few = 10;

    public static Command Create()
    {
        var work = new Option<string>("--work") { Description = "A directory for the recordings", Required = true };
        var recordings = new Option<int>("--recordings") { DefaultValueFactory = _ => 10_000 };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 10 };
        var command = new Command("recordings", "Replay, and a miss with its nearest recordings")
        {
            work,
            recordings,
            rounds,
        };
        command.SetAction(parsed =>
            Run(Path.GetFullPath(parsed.GetRequiredValue(work)), parsed.GetValue(recordings), parsed.GetValue(rounds))
        );
        return command;
    }

    private static int Run(string work, int recordings, int rounds)
    {
        var few = Path.Combine(work, string.Create(CultureInfo.InvariantCulture, $"recordings-{Few}"));
        var many = Path.Combine(work, string.Create(CultureInfo.InvariantCulture, $"recordings-{recordings}"));
        RecordedAnswers.Make(few, Few);
        RecordedAnswers.Make(many, recordings);

        var start = Stopwatch.GetTimestamp();
        var told = Miss(Open(many), recordings);
        var first = Stopwatch.GetElapsedTime(start);

        var (missCold, missWarm) = (new Samples(), new Samples());
        var (fewFirst, fewAgain) = (new Samples(), new Samples());
        var (manyFirst, manyAgain) = (new Samples(), new Samples());
        var bare = new Samples();
        for (var round = 0; round < rounds; round++)
        {
            var assistant = Open(many);
            Time(missCold, () => Miss(assistant, recordings));
            Time(missWarm, () => Miss(assistant, recordings));
            Hits(Open(few), Few, fewFirst, fewAgain);
            Hits(Open(many), recordings, manyFirst, manyAgain);
            foreach (var file in Directory.EnumerateFiles(many, "*.json", SearchOption.AllDirectories).Take(Few))
                Time(bare, () => ReadBare(file));
        }

        var count = recordings.ToString("n0", CultureInfo.InvariantCulture);
        var report = new Report($"Recordings, {Few} and {count} of one method", "median µs", "p99 µs");
        Row("a file of them read and its answer taken out, for comparison", bare);
        Row($"hit, first time, {Few} recordings", fewFirst);
        Row($"hit, first time, {count} recordings", manyFirst);
        Row($"hit, file read before, {Few} recordings", fewAgain);
        Row($"hit, file read before, {count} recordings", manyAgain);
        Row($"miss with its nearest of {count}, first in its directory", missCold);
        Row($"miss with its nearest of {count}, after that", missWarm);
        report.Note($"A first hit takes {manyFirst.Median / bare.Median:0.0} times the reading of its file.");
        report.Result("hit, file read before, median µs", manyAgain.Median * 1000, HitLimitMicroseconds);
        report.Result("hit, first time, median µs", manyFirst.Median * 1000, FirstHitLimitMicroseconds);
        report.Result("miss, the first of the process, ms", first.TotalMilliseconds, MissLimitMilliseconds);
        report.Result("miss, first in its directory, median ms", missCold.Median, MissLimitMilliseconds);
        report.Note($"What a miss tells:\n\n{told}");
        report.Write(Path.Combine(work, "recordings.json"));
        return 0;

        void Row(string name, Samples times) => report.Row(name, times.Median * 1000, times.P99 * 1000);
    }

    // As a test has it: the service of an interface, which in replay is never made.
    private static IAssistant Open(string directory) =>
        new Larder.Recordings.Recordings(
            new RecordingsOptions { Directory = directory, Mode = RecordingMode.Replay }
        ).Wrap<IAssistant>(() => throw new InvalidOperationException("It was made."), RecordedAnswers.Service);

    private static string Miss(IAssistant assistant, int number)
    {
        try
        {
            return RecordedAnswers.AskAsync(assistant, number).GetAwaiter().GetResult();
        }
        catch (RecordingMissingException missing)
        {
            return missing.Message;
        }
    }

    // The least that a replay can do: no key, no check.
    private static string? ReadBare(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.GetProperty("answer").GetProperty("value").GetString();
    }

    // The same number of hits whatever the directory, and the same ones twice.
    private static void Hits(IAssistant assistant, int recordings, Samples first, Samples again)
    {
        int[] numbers = [.. Enumerable.Range(0, Few).Select(i => i * (recordings / Few))];
        foreach (var times in (Samples[])[first, again])
        {
            foreach (var number in numbers)
                Time(times, () => RecordedAnswers.AskAsync(assistant, number).GetAwaiter().GetResult());
        }
    }

    private static void Time(Samples times, Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        times.Add(Stopwatch.GetElapsedTime(start));
    }
}
