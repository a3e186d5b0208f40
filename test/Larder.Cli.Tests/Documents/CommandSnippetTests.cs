using System.Text.RegularExpressions;

namespace Larder.Cli.Tests.Documents;

/// <summary>Every command line on a page is one that the command takes.</summary>
public sealed partial class CommandSnippetTests
{
    public static TheoryData<string, string> Lines =>
        [.. Pages.Blocks.Where(block => block.Language is "" or "sh" or "bash" or "shell").SelectMany(CommandsIn)];

    [Theory]
    [MemberData(nameof(Lines), DisableDiscoveryEnumeration = true)]
    public void Command_IsTaken(string place, string line)
    {
        var result = CommandLines.Parse(line);

        Assert.True(
            result.Errors.Count == 0,
            $"{place}: {line}: {string.Join(' ', result.Errors.Select(e => e.Message))}"
        );
    }

    private static IEnumerable<(string Place, string Line)> CommandsIn(CodeBlock block)
    {
        for (var i = 0; i < block.Lines.Count; i++)
        {
            var first = i;
            var line = block.Lines[i].Trim();
            while (line.EndsWith('\\') && i + 1 < block.Lines.Count)
                line = line[..^1] + block.Lines[++i].Trim();
            if (Command().Match(line) is { Success: true } command)
                yield return (
                    $"{block.Page}:{block.Line + first}",
                    Optional().Replace(command.Groups["command"].Value, "${option}")
                );
        }
    }

    [GeneratedRegex(
        @"^(\$ )?([A-Z_]+=\S+ )*(\S*/)?(?<command>larder( [a-z-].*)?)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Command();

    // In a synopsis.
    [GeneratedRegex(@"\[(?<option>--[^\]]+)\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Optional();
}
