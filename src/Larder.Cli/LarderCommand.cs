using System.CommandLine;
using System.CommandLine.Parsing;
using Larder.Cli.Commands;
using Larder.Cli.Completions;
using Larder.Cli.Help;
using Larder.Cli.Output;
using Larder.Telemetry;

namespace Larder.Cli;

/// <summary>The command: its subcommands, and what becomes of failures.</summary>
internal static class LarderCommand
{
    private const string Name = "larder";

    // What is cancelled ends soon. A server that is stopped answers first what it was asked; its host ends that, by the
    // settings stop_delay and stop_timeout, which are an hour at most each and are not read yet.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan ServerStopTimeout = TimeSpan.FromHours(2.1);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = new GlobalOptions();
        var root = Build(options);
        if (Suggestions.AreAskedFor(arguments))
            return Suggestions.Write(arguments, root, options);
        var result = root.Parse(arguments);
        if (result.Errors.Count > 0)
            return WrongUsage(result);
        // Whatever else it runs is over before anybody could ask for metrics, and starts faster without.
        if (result.CommandResult.Command.Name is not (ServeCommand.Name or DemoCommand.Name))
            AppContext.SetSwitch(LarderTelemetry.SwitchName, false);
        try
        {
            return await result.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout =
                        result.CommandResult.Command.Name == ServeCommand.Name ? ServerStopTimeout : StopTimeout,
                }
            );
        }
        catch (Exception failure)
        {
            return FailureReport.Write(
                failure,
                result.GetValue(options.Json),
                result.GetValue(options.Verbose),
                CommandGuides.Of(result.CommandResult)?.WhenCancelled
            );
        }
    }

    internal static Command Build(GlobalOptions options)
    {
        // Not a RootCommand, which takes the assembly's name for the command's.
        var root = new Command(
            Name,
            "Larder keeps what stands between a machine-learning model's origin and its answer: files, loaded models and more, fetched, verified and loaded once."
        )
        {
            PullCommand.Create(options),
            ListCommand.Create(options),
            ShowCommand.Create(options),
            StatsCommand.Create(options),
            WarmCommand.Create(options),
            PinCommand.CreatePin(options),
            PinCommand.CreateUnpin(options),
            ClearCommand.Create(options),
            EvictCommand.Create(options),
            VerifyCommand.Create(options),
            ExportCommand.Create(options),
            BakeCommand.Create(options),
            SharedCommand.Create(options),
            RunCommand.Create(options),
            PredictCommand.Create(options),
            RecordingsCommand.Create(options),
            PresetsCommand.Create(options),
            ServeCommand.Create(options),
            TokenCommand.Create(options),
            DemoCommand.Create(options),
            CompletionsCommand.Create(options),
        };
        foreach (var option in options.All)
            root.Add(option);
        return root;
    }

    private static int WrongUsage(ParseResult result)
    {
        // What else is wrong follows from the words that nobody knows.
        var unknown = result.Errors.Where(error => UnknownIn(error, result) is not null).ToList();
        foreach (var error in unknown.Count > 0 ? unknown : result.Errors)
            Terminal.Message($"larder: {error.Message}{NearestTo(error, result)}");
        Terminal.Message($"Try '{PathOf(result.CommandResult)} --help'.");
        return ExitCode.WrongUsage;
    }

    // Where a word is unknown, the one that was probably meant.
    private static string NearestTo(ParseError error, ParseResult result)
    {
        if (UnknownIn(error, result) is not { } word)
            return "";
        var known = word.StartsWith('-')
            ? OptionsOf(result.CommandResult)
            : result.CommandResult.Command.Subcommands.Select(command => command.Name);
        return NearestName.Of(word, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";
    }

    private static string? UnknownIn(ParseError error, ParseResult result) =>
        result.UnmatchedTokens.FirstOrDefault(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal));

    private static IEnumerable<string> OptionsOf(CommandResult command) =>
        command
            .Command.Options.Select(option => option.Name)
            .Concat(command.Parent is CommandResult parent ? OptionsOf(parent) : []);

    private static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : command.Command.Name;
}
