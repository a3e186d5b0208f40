using System.Globalization;
using Larder.Content;

namespace Larder.Passes.Commands;

/// <summary>What can be wrong with the options of a command.</summary>
internal static class CommandRules
{
    private const string OwnPrefix = "LARDER_";
    private const string TemporaryName = "TMPDIR";

    /// <summary>All faults, each with the name of its option.</summary>
    /// <param name="options">The options.</param>
    /// <param name="step">Where they stand.</param>
    /// <param name="places">The places that arguments may have.</param>
    public static IEnumerable<(string Name, string Message)> FaultsIn(
        CommandOptions options,
        StepRequest step,
        params string[] places
    ) =>
        [
            .. InLists(options),
            .. InRun(options, places),
            .. InVariables(options),
            .. InInputs(options, step),
            .. InTimes(options),
        ];

    private static IEnumerable<(string Name, string Message)> InLists(CommandOptions options)
    {
        foreach (
            var (name, list) in ((string, IReadOnlyList<string>)[])
                [("run", options.Run), ("version_command", options.VersionCommand), ("inputs", options.Inputs)]
        )
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (list[i] is null)
                    yield return (At(name, i), "It is null; a text is expected.");
                else if (list[i].Contains('\0', StringComparison.Ordinal))
                    yield return (At(name, i), "It has a zero character, which no argument can have.");
            }
        }
        if (options.VersionCommand is [""])
            yield return ("version_command[0]", "It is empty; a program is expected.");
    }

    private static IEnumerable<(string Name, string Message)> InRun(CommandOptions options, string[] places)
    {
        if (options.Run is [] or ["", ..])
        {
            yield return (
                "run",
                """It names no program. Write one with its arguments, such as ["python3", "convert.py", "{input}"]."""
            );
            yield break;
        }
        for (var i = 0; i < options.Run.Count; i++)
        {
            var none = options.Run[i] is { } argument
                ? Placeholders.In(argument).FirstOrDefault(place => !places.Contains(place, StringComparer.Ordinal))
                : null;
            if (none is not null)
                yield return (
                    At("run", i),
                    $"There is no {{{none}}} here; there are {string.Join(", ", places.Select(place => $"{{{place}}}"))}."
                );
        }
        var program = options.Run[0];
        if (
            program?.Contains('/', StringComparison.Ordinal) == true
            && !Path.IsPathRooted(program)
            && Placeholders.In(program).Count == 0
            && !options
                .Inputs.OfType<string>()
                .Select(DeclaredFiles.Plain)
                .Any(name => Covers(name, DeclaredFiles.Plain(program)))
        )
            yield return (
                "run[0]",
                $"{Printable.Quote(program)} is a file beside the workflow: name it in 'inputs', so that it is there, and a change of it gives another key."
            );
    }

    private static IEnumerable<(string Name, string Message)> InVariables(CommandOptions options)
    {
        foreach (var (name, value) in options.Environment)
        {
            if (FaultInVariable(name) is { } fault)
                yield return ("environment", fault);
            else if (value is null || value.Contains('\0', StringComparison.Ordinal))
                yield return ($"environment.{name}", "It is no text that a variable can have.");
        }
        for (var i = 0; i < options.PassEnvironment.Count; i++)
        {
            var name = options.PassEnvironment[i];
            if (FaultInVariable(name) is { } fault)
                yield return (At("pass_environment", i), fault);
            else if (options.Environment.ContainsKey(name))
                yield return (At("pass_environment", i), $"{name} is in 'environment' as well: keep one.");
        }
    }

    private static List<(string Name, string Message)> InInputs(CommandOptions options, StepRequest step)
    {
        var faults = new List<(string Name, string Message)>();
        if (options.Inputs.All(name => name is not null))
            DeclaredFiles.Scan(step.BaseDirectory, options.Inputs, (i, fault) => faults.Add((At("inputs", i), fault)));
        return faults;
    }

    private static IEnumerable<(string Name, string Message)> InTimes(CommandOptions options)
    {
        if (TimeText.Parse(options.TimeLimit) is null)
            yield return (
                "time_limit",
                $"It is {Printable.Quote(options.TimeLimit)}; a time up to 30 days such as '30 s', '10 min' or '2 h' is expected."
            );
        for (var i = 0; i < options.TransientExitCodes.Count; i++)
        {
            if (options.TransientExitCodes[i] is < 1 or > 255)
                yield return (At("transient_exit_codes", i), "An exit code from 1 to 255 is expected.");
        }
    }

    private static string? FaultInVariable(string? name) =>
        name is null || !IsVariable(name) ? $"{Printable.Quote(name ?? "null")} is no name of a variable."
        : name.StartsWith(OwnPrefix, StringComparison.Ordinal) || name == TemporaryName
            ? $"{name} is Larder's own to give: call it otherwise."
        : null;

    private static bool Covers(string input, string file) =>
        file == input || file.StartsWith(input + "/", StringComparison.Ordinal);

    private static string At(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]");

    private static bool IsVariable(string name) =>
        name.Length > 0
        && !char.IsAsciiDigit(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
