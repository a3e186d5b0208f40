using System.CommandLine;
using System.Globalization;
using PolicySimulator.Output;
using PolicySimulator.Scores;
using PolicySimulator.Traces;

namespace PolicySimulator.Commands;

/// <summary>Plays made traces, or one from a file, against every policy.</summary>
internal static class PlayCommand
{
    private const string About = """
        Plays traces of requests for models against each eviction policy of Larder's graph cache and some others, and prints
        hit ratio, byte hit ratio and the seconds waited for loads.

        Without arguments it makes the traces that Larder's target is set for, and exits with 1 when the target is missed:
        the policy 'cost' waits at most 0.65 of the seconds of 'lru', with popularity that stays and that drifts.

        A trace from a file: lines of time,model[,bytes[,seconds]], with or without a header; the time in seconds or by
        ISO 8601, bytes the size of the model, seconds its load time.
        """;

    private static readonly Option<double> Capacity = WorkloadOptions.Number(
        "--capacity-gb",
        "The capacity of the cache, in GB.",
        Target.CapacityBytes / 1e9,
        0
    );

    private static readonly Option<TraceKind[]> Kinds = new("--kinds")
    {
        Description = "The kinds of traces to make: static, drift and scan.",
        HelpName = "KIND",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => Enum.GetValues<TraceKind>(),
    };

    private static readonly Option<int> Seeds = WorkloadOptions.Number(
        "--seeds",
        "How many traces of each kind to make, with the seeds from 1 on.",
        Target.Seeds,
        1
    );

    private static readonly Option<string?> File = OfFile("--trace", "FILE.csv", "Play this trace, and make none.");

    private static readonly Option<string?> ModelsFile = OfFile(
        "--models-file",
        "FILE.csv",
        "Lines of model,bytes,seconds, for what the trace does not tell."
    );

    private static readonly Option<double?> OtherGigabytes = new("--other-gb")
    {
        Description = "The size of models that no file tells, in GB.",
        HelpName = "N",
        CustomParser = argument => WorkloadOptions.Parse(argument, least: 1e-9),
    };

    private static readonly Option<double?> OtherSeconds = new("--other-seconds")
    {
        Description = "The load time of models that no file tells, in seconds.",
        HelpName = "N",
        CustomParser = argument => WorkloadOptions.Parse(argument, least: 0.0),
    };

    private static readonly Option<string?> Json = OfFile("--json", "FILE.json", "Write the numbers there too.");

    private static readonly Option<string?> Plot = OfFile("--plot", "FILE.svg", "Draw the seconds relative to LRU.");

    public static RootCommand Create()
    {
        var command = new RootCommand(About)
        {
            Capacity,
            Kinds,
            Seeds,
            File,
            ModelsFile,
            OtherGigabytes,
            OtherSeconds,
            Json,
            Plot,
            MakeCommand.Create(),
        };
        foreach (var option in WorkloadOptions.All)
            command.Add(option);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var output = parsed.InvocationConfiguration.Output;
        var contests = parsed.GetValue(File) is { } file ? [PlayFile(parsed, file)] : PlayMade(parsed);
        foreach (var contest in contests)
            TextTable.Write(output, contest);

        output.WriteLine();
        bool? isKept = IsTargetSetFor(parsed) ? WriteTarget(output, contests) : null;
        if (isKept is null)
            output.WriteLine("The target is set for the default arguments: it was not judged.");
        if (parsed.GetValue(Json) is { } json)
            JsonFile.Write(json, contests, isKept);
        if (parsed.GetValue(Plot) is { } plot)
            System.IO.File.WriteAllText(plot, BarChart.Draw(contests));
        return isKept is false ? 1 : 0;
    }

    private static Contest PlayFile(ParseResult parsed, string file)
    {
        var models = parsed.GetValue(ModelsFile) is { } path ? KnownModels.Read(path) : [];
        var known = new KnownModels(
            models,
            parsed.GetValue(OtherGigabytes) is { } gigabytes ? WorkloadOptions.Bytes(gigabytes) : null,
            parsed.GetValue(OtherSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null
        );
        var trace = TraceFile.Read(file, known);
        return Contest.Play(Path.GetFileName(file), [() => trace], CapacityOf(parsed));
    }

    private static List<Contest> PlayMade(ParseResult parsed)
    {
        var workload = WorkloadOptions.Read(parsed);
        var seeds = Enumerable.Range(1, parsed.GetValue(Seeds)).ToList();
        return
        [
            .. parsed
                .GetRequiredValue(Kinds)
                .Distinct()
                .Select(kind =>
                    Contest.Play(
                        NameOf(kind),
                        [.. seeds.Select(seed => (Func<Trace>)(() => TraceMaker.Make(workload, kind, seed)))],
                        CapacityOf(parsed)
                    )
                ),
        ];
    }

    private static bool IsTargetSetFor(ParseResult parsed) =>
        parsed.GetValue(File) is null
        && WorkloadOptions.Read(parsed) == new Workload()
        && CapacityOf(parsed) is Target.CapacityBytes
        && parsed.GetValue(Seeds) is Target.Seeds
        && Target.Kinds.All(parsed.GetRequiredValue(Kinds).Contains);

    private static bool WriteTarget(TextWriter output, IReadOnlyList<Contest> contests)
    {
        var isKept = true;
        foreach (var name in Target.Kinds.Select(NameOf))
        {
            var contest = contests.First(contest => string.Equals(contest.Name, name, StringComparison.Ordinal));
            isKept &= Target.IsKept(contest);
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"- {name}: cost waits {Target.Actual(contest):F3} of lru's seconds, target at most {Target.MostOfLru}: {(Target.IsKept(contest) ? "kept" : "NOT KEPT")}"
                )
            );
        }
        return isKept;
    }

    private static long CapacityOf(ParseResult parsed) => WorkloadOptions.Bytes(parsed.GetValue(Capacity));

    private static string NameOf(TraceKind kind) => kind.ToString().ToLowerInvariant();

    private static Option<string?> OfFile(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };
}
