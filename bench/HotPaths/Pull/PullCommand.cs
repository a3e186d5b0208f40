using System.CommandLine;
using System.Globalization;
using Measuring;

namespace HotPaths.Pull;

/// <summary><c>pull</c>: the command as a process, with a model that is stored and fresh.</summary>
internal static class PullCommand
{
    private const double PullLimitMilliseconds = 100;
    private const double VersionLimitMilliseconds = 80;
    private const double MemoryLimitMegabytes = 80;
    private const int MemoryRuns = 3;

    public static Command Create()
    {
        var larder = Path("--larder", "The published command");
        var bare = Path("--bare", "The published bare command");
        var model = Path("--model", "The directory of the model");
        var work = Path("--work", "A directory for the store and the results");
        var rounds = new Option<int>("--rounds")
        {
            DefaultValueFactory = _ => 30,
            Description = "Runs of each command",
        };
        var proof = new Option<bool>("--proof")
        {
            Description = "Trace a pull: no file of the model opened, no socket",
        };
        var command = new Command("pull", "A hot pull as a whole process") { larder, bare, model, work, rounds, proof };
        command.SetAction(
            async (parsed, _) =>
                await RunAsync(
                    parsed.GetRequiredValue(larder),
                    parsed.GetRequiredValue(bare),
                    parsed.GetRequiredValue(model),
                    parsed.GetRequiredValue(work),
                    parsed.GetValue(rounds),
                    parsed.GetValue(proof)
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
        bool proof
    )
    {
        model = System.IO.Path.GetFullPath(model);
        var store = System.IO.Path.GetFullPath(System.IO.Path.Combine(work, "store"));
        Directory.CreateDirectory(work);
        var hello = new Invocation(bare);
        var version = new Invocation(larder, "--version");
        var pull = new Invocation(larder, "pull", model, "--store", store);
        // Once to store it, or to find it fresh again if an earlier run did; the rounds end long before it is not.
        await new Invocation(larder, "pull", model, "--store", store, "--refresh").MeasureAsync();
        for (var i = 0; i < rounds; i++)
        {
            await hello.MeasureAsync();
            await version.MeasureAsync();
            await pull.MeasureAsync();
        }
        var report = new Report("Hot pull as a whole process", "median ms", "least ms", "times bare");
        foreach (
            var (name, one) in new[]
            {
                ("bare .NET command", hello),
                ("larder --version", version),
                ("larder pull", pull),
            }
        )
            report.Row(name, one.Times.Median, one.Times.Least, one.Times.Median / hello.Times.Median);
        report.Result("larder --version, median ms", version.Times.Median, VersionLimitMilliseconds);
        report.Result("larder pull, median ms", pull.Times.Median, PullLimitMilliseconds);
        report.Result("larder pull, most MB", await MostMemoryAsync(pull, work), MemoryLimitMegabytes);
        report.Note(Describe(model));
        if (proof)
            report.Result(
                "larder pull, files of the model opened and sockets made",
                await IntrusionsAsync(pull, store, model, work),
                0
            );
        report.Write(System.IO.Path.Combine(work, "pull.json"));
        return 0;
    }

    private static async Task<double> MostMemoryAsync(Invocation command, string work)
    {
        var most = 0.0;
        for (var i = 0; i < MemoryRuns; i++)
            most = Math.Max(most, await command.MemoryAsync(work));
        return most;
    }

    /// <summary>Counts what a hit must not do: open the model at its origin, in its snapshot or as blobs, or make a socket.</summary>
    /// <remarks>What is not opened is not read, and so not hashed either.</remarks>
    private static async Task<int> IntrusionsAsync(Invocation command, string store, string model, string work)
    {
        string[] forbidden = ["socket(", $"\"{model}", $"\"{store}/snapshots", $"\"{store}/blobs"];
        var trace = await command.TraceAsync(work);
        // A trace without the marker's opening saw nothing, and would prove nothing.
        if (!trace.Any(line => line.Contains($"\"{store}/larder-store.json\"", StringComparison.Ordinal)))
            throw new InvalidDataException(
                "The trace does not show the store being opened. See that strace works here."
            );
        var found = trace
            .Where(line => forbidden.Any(text => line.Contains(text, StringComparison.Ordinal)))
            // The snapshot's directory, to ask for each file's status from there: it is not listed.
            .Where(line => !line.Contains("O_DIRECTORY", StringComparison.Ordinal))
            .ToList();
        foreach (var line in found)
            await Console.Error.WriteLineAsync(line);
        return found.Count;
    }

    private static string Describe(string model)
    {
        var files = new DirectoryInfo(model).GetFiles("*", SearchOption.AllDirectories);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The model has {files.Length} files and {files.Sum(file => file.Length)} bytes."
        );
    }

    private static Option<string> Path(string name, string description) =>
        new(name) { Description = description, Required = true };
}
