using Larder.Processes;

namespace Larder.Workers.Processes;

/// <summary>What a worker is started with: its program, its arguments, its variables, none of them with a secret of this process.</summary>
internal static class WorkerEnvironment
{
    private static readonly string[] Passed = ["PATH", "HOME", "LANG"];

    /// <summary>What a worker runs.</summary>
    /// <exception cref="WorkerException">The program is not there.</exception>
    public static SessionLaunch Launch(WorkerStart start, WorkDirectory directory)
    {
        var environment = VariablesOf(start, directory.Work);
        var command = start.Program.Command.Select(part => Place(part, start)).ToList();
        var program =
            ProgramPath.Find(command[0], environment["PATH"], directory.Work)
            ?? throw new WorkerException(
                WorkerFailure.ProgramMissing,
                $"There is no program '{command[0]}' that can be run, which the workers of {start.Model} are started with. Install it, or name another in 'command'. Files of a model may not be executed: name what runs them, such as [\"python3\", \"{WorkerProgram.SnapshotPlace}/serve.py\"]."
            );
        return new SessionLaunch
        {
            Program = program,
            Arguments = command[1..],
            Directory = directory.Work,
            Environment = environment,
            ChannelDirectory = directory.Path,
        };
    }

    private static Dictionary<string, string> VariablesOf(WorkerStart start, string work)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" };
        foreach (var name in Passed)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                variables[name] = value;
        }
        variables["TMPDIR"] = work;
        // A snapshot is as it was fetched: Python would put what it compiles beside the modules that it imports from there.
        variables["PYTHONDONTWRITEBYTECODE"] = "1";
        foreach (var (name, value) in start.Program.Environment)
            variables[name] = Place(value, start);
        variables["LARDER_WORKER_IN"] = "3";
        variables["LARDER_WORKER_OUT"] = "4";
        return variables;
    }

    private static string Place(string text, WorkerStart start) =>
        text.Replace(WorkerProgram.SnapshotPlace, start.SnapshotPath, StringComparison.Ordinal);
}
