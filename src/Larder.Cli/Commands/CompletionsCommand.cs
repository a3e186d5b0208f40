using System.CommandLine;
using System.CommandLine.Completions;
using Larder.Cli.Output;

namespace Larder.Cli.Commands;

/// <summary><c>larder completions SHELL</c>: the script that has a shell complete the words of this command.</summary>
internal static class CompletionsCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static Command Create(GlobalOptions options)
    {
        var shell = new Argument<string>("SHELL")
        {
            Description = $"{string.Join(", ", Shells[..^1])} or {Shells[^1]}",
        };
        shell.CompletionSources.Add(_ => Shells.Select(name => new CompletionItem(name)));
        return new Command("completions", "The script that has a shell complete commands, options and what is stored")
        {
            shell,
        }.Runs(
            options,
            (context, _) =>
            {
                var name = context.Result.GetRequiredValue(shell);
                var script = Read(name);
                if (context.Json)
                    Terminal.Json(json =>
                    {
                        json.WriteStartObject();
                        json.WriteString("shell", name);
                        json.WriteString("script", script);
                        json.WriteEndObject();
                    });
                else
                    Terminal.Answer(script.TrimEnd('\n'));
                return Task.FromResult(ExitCode.Done);
            }
        );
    }

    private static string Read(string shell)
    {
        if (!Shells.Contains(shell, StringComparer.Ordinal))
            throw new UsageException(
                $"There is no script for '{shell}': {string.Join(", ", Shells[..^1])} and {Shells[^1]} are known."
            );
        using var script = typeof(CompletionsCommand).Assembly.GetManifestResourceStream($"completions.{shell}")!;
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }
}
