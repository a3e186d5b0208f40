using System.CommandLine;

namespace Larder.Cli.Commands;

/// <summary>Gives a command its action.</summary>
internal static class Subcommand
{
    /// <summary>Runs <paramref name="action"/> with what the command line asks for; it returns the exit code.</summary>
    public static Command Runs(
        this Command command,
        GlobalOptions options,
        Func<CommandContext, CancellationToken, Task<int>> action
    )
    {
        command.SetAction(
            async (result, cancellationToken) =>
            {
                await using var context = new CommandContext(options, result);
                return await action(context, cancellationToken);
            }
        );
        return command;
    }
}
