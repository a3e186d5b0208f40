using Larder.Server.Runtimes;
using Larder.Workers;

namespace Larder.Server.Configuration;

/// <summary>The settings of a model that belong to one runtime only.</summary>
internal static class WorkerSettings
{
    private const string Command = "command";
    private const string Environment = "environment";
    private const string Workers = "workers";
    private const string StartTimeout = "start_timeout";
    private const string RequestTimeout = "request_timeout";
    private const string Memory = "memory";

    private static readonly string[] Own = [Command, Environment, Workers, StartTimeout, RequestTimeout, Memory];

    /// <summary>What is started for a model; null when its runtime starts nothing, or something is wrong.</summary>
    public static WorkerProgram? Read(SettingReader settings, string runtime)
    {
        var command = settings.List(Command);
        var environment = Variables(settings.Section(Environment));
        var defaults = new WorkerProgram(["true"]);
        var workers = settings.Whole(Workers, defaults.Workers, least: 1);
        var startTimeout = Positive(settings, StartTimeout, defaults.StartTimeout);
        var requestTimeout = Positive(settings, RequestTimeout, defaults.RequestTimeout);
        var memory = settings.Bytes(Memory);
        if (runtime != ProcessRuntime.RuntimeName)
        {
            foreach (var name in settings.Names.Intersect(Own, StringComparer.OrdinalIgnoreCase))
                settings.Fault(
                    name,
                    $"is for the runtime '{ProcessRuntime.RuntimeName}', and this model's is '{runtime}'."
                );
            return null;
        }
        if (settings.Text("file") is not null)
            settings.Fault(
                "file",
                $"is for the runtime '{OnnxRuntime.RuntimeName}'. Name the file in '{Command}', behind {WorkerProgram.SnapshotPlace}/."
            );
        if (command.Count == 0 || command[0].Length == 0)
        {
            settings.Fault(
                Command,
                $"is missing; the runtime '{ProcessRuntime.RuntimeName}' needs a program to start, such as [\"python3\", \"{WorkerProgram.SnapshotPlace}/serve.py\"]."
            );
            return null;
        }
        return new WorkerProgram(command)
        {
            Environment = environment,
            Workers = workers,
            StartTimeout = startTimeout,
            RequestTimeout = requestTimeout,
            EstimatedBytes = memory,
        };
    }

    private static Dictionary<string, string> Variables(SettingReader settings)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in settings.Names)
        {
            if (WorkerProgram.FaultInName(name) is { } fault)
                settings.Fault(name, fault);
            variables[name] = settings.Text(name) ?? "";
        }
        return variables;
    }

    private static TimeSpan Positive(SettingReader settings, string name, TimeSpan fallback)
    {
        var time = settings.Duration(name, fallback);
        // What a timer can wait for.
        if (time > TimeSpan.Zero && time <= TimeSpan.FromDays(49))
            return time;
        settings.Fault(name, "is not more than 0 and at most 49 days.");
        return fallback;
    }
}
