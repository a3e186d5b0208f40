using System.Globalization;
using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Passes.Commands;

/// <summary>A command with its options read: what a pass and an evaluation have in common.</summary>
internal sealed class CommandStep
{
    private const int LinesShown = 10;
    private const int MostLetters = 300;
    private const int MostSignals = 64;
    private const string TemporaryName = "TMPDIR";

    // What nearly every program needs to find its way, and what has no place in a key: it differs between all machines.
    private static readonly string[] AlwaysPassed = ["PATH", "HOME", "LANG"];

    // These change when a result is given up, and not what it is.
    private static readonly string[] NotInKey = ["time_limit", "transient_exit_codes"];

    private readonly CommandOptions _options;
    private readonly DeclaredFiles _inputs;
    private readonly TimeSpan _timeLimit;
    private readonly string _baseDirectory;
    private readonly TimeProvider _timeProvider;

    private CommandStep(
        CommandOptions options,
        DeclaredFiles inputs,
        TimeSpan timeLimit,
        StepRequest step,
        TimeProvider timeProvider
    )
    {
        _options = options;
        _inputs = inputs;
        _timeLimit = timeLimit;
        _baseDirectory = step.BaseDirectory;
        _timeProvider = timeProvider;
    }

    /// <summary>Makes a step of options.</summary>
    /// <exception cref="WorkflowException">An option makes no sense.</exception>
    public static (CommandStep Step, StepFacts Facts) Plan(
        StepRequest step,
        CommandOptions options,
        JsonObject config,
        VersionCommands versions,
        TimeProvider timeProvider
    )
    {
        var timeLimit =
            TimeText.Parse(options.TimeLimit) ?? throw new ArgumentException("It has faults.", nameof(options));
        var inputs = DeclaredFiles.Scan(step.BaseDirectory, options.Inputs, static (_, _) => { });
        var command = new CommandStep(options, inputs, timeLimit, step, timeProvider);
        foreach (var name in NotInKey)
            config.Remove(name);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        if (options.VersionCommand.Count > 0)
            environment["version_command"] = command.AskVersion(step, versions);
        return (
            command,
            new StepFacts
            {
                Config = config,
                Environment = environment,
                Files = inputs.ByName,
            }
        );
    }

    /// <summary>The places that <c>run</c> has.</summary>
    public IEnumerable<string> Places => _options.Run.SelectMany(Placeholders.In);

    /// <summary>Runs the program in a clean directory, and checks what it left of its inputs.</summary>
    /// <param name="workPath">A directory of the run's own.</param>
    /// <param name="paths">What comes into the places of the arguments.</param>
    /// <param name="log">Told the lines that it writes.</param>
    /// <param name="cancellationToken">Ends it, with all that it started.</param>
    /// <exception cref="PassException">It did not end well.</exception>
    public async Task<CommandResult> RunAsync(
        string workPath,
        IReadOnlyDictionary<string, string> paths,
        Action<string> log,
        CancellationToken cancellationToken
    )
    {
        var directory = Directory.CreateDirectory(Path.Combine(workPath, "files")).FullName;
        var temporary = Directory.CreateDirectory(Path.Combine(workPath, "tmp")).FullName;
        _inputs.CopyTo(directory, cancellationToken);
        var places = new Dictionary<string, string>(paths, StringComparer.Ordinal) { [Placeholders.Work] = directory };
        var launch = Launch([.. _options.Run.Select(argument => Placeholders.Replace(argument, places))], directory);
        var environment = new Dictionary<string, string>(launch.Environment, StringComparer.Ordinal)
        {
            [TemporaryName] = temporary,
        };
        // For scripts, in whose text a path with a blank would need quotes.
        foreach (var (name, path) in places)
            environment[$"LARDER_{name.ToUpperInvariant()}"] = path;
        foreach (var name in _options.PassEnvironment.Where(name => !environment.ContainsKey(name)))
            log($"The variable {name} of 'pass_environment' is not set, and not passed.");

        try
        {
            var result = await CommandProcess
                .RunAsync(launch with { Environment = environment, Log = log }, _timeProvider, cancellationToken)
                .ConfigureAwait(false);
            ThrowIfFailed(launch.Arguments[0], result, _options.TransientExitCodes, Undeclared);
            _inputs.ThrowIfCopiesChanged(directory, cancellationToken);
            return result;
        }
        finally
        {
            FileModes.AllowRemoval(workPath);
        }
    }

    /// <summary>Throws what the end of a program says of it, unless it ended well.</summary>
    /// <exception cref="PassException">It did not.</exception>
    public static void ThrowIfFailed(
        string program,
        CommandResult result,
        IReadOnlyList<int> transientExitCodes,
        Func<string>? hint = null
    )
    {
        if (result.ExitCode == 0)
            return;
        var (failure, end) = result.ExitCode switch
        {
            var code when transientExitCodes.Contains(code) => (PassFailure.Transient, $"ended with exit code {code}"),
            // What shells answer when they could not find or not start a program.
            126 or 127 => (PassFailure.Environment, $"ended with exit code {result.ExitCode}: a program is missing"),
            137 => (PassFailure.Transient, "was killed (signal 9), as happens where memory runs out"),
            var code and > 128 and <= 128 + MostSignals => (
                PassFailure.Transient,
                string.Create(CultureInfo.InvariantCulture, $"was ended by signal {code - 128}")
            ),
            var code => (PassFailure.Permanent, $"ended with exit code {code}"),
        };
        var last = result.Lines.TakeLast(LinesShown).Select(Shorten).ToList();
        var lines = last.Count > 0 ? $" Its last lines:\n{string.Join('\n', last)}" : " It wrote nothing.";
        throw new PassException(failure, $"The command {Printable.Quote(program)} {end}.{hint?.Invoke()}{lines}")
        {
            Output = string.Join('\n', result.Lines),
        };
    }

    private static string Shorten(string line) =>
        line.Length <= MostLetters ? line : string.Concat(line.AsSpan(0, MostLetters), "…");

    // The most likely reason why a script is not found, and nothing that could be refused before: a text may look like a name.
    private string Undeclared()
    {
        var name = _options
            .Run.Select(DeclaredFiles.Plain)
            .FirstOrDefault(argument =>
                ManifestPath.FaultIn(argument) is null
                && !_inputs.Has(argument)
                && File.Exists(Path.Combine(_baseDirectory, argument))
            );
        return name is null
            ? ""
            : $" {Printable.Quote(name)} lies beside the workflow and is not among its 'inputs': add it there if the command reads it.";
    }

    private string AskVersion(StepRequest step, VersionCommands versions)
    {
        try
        {
            return versions.Ask(Launch(_options.VersionCommand, _baseDirectory));
        }
        catch (PassException failure)
        {
            throw new WorkflowException([new WorkflowFault($"{step.Path}.version_command", failure.Message)]);
        }
    }

    private CommandLaunch Launch(IReadOnlyList<string> arguments, string directory)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" };
        foreach (var name in AlwaysPassed.Concat(_options.PassEnvironment))
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                environment[name] = value;
        }
        foreach (var (name, value) in _options.Environment)
            environment[name] = value;
        return new CommandLaunch
        {
            Arguments = arguments,
            Directory = directory,
            Environment = environment,
            TimeLimit = _timeLimit,
            Secrets = [.. _options.PassEnvironment.Select(name => environment.GetValueOrDefault(name, ""))],
        };
    }
}
