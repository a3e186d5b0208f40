using System.CommandLine;
using System.Globalization;
using Larder.Cli.Output;

namespace Larder.Cli.Completions;

/// <summary>Answers the scripts of <c>larder completions</c>, which call <c>larder "[suggest:POSITION]" "LINE"</c>.</summary>
internal static class Suggestions
{
    private const string Directive = "[suggest:";

    /// <summary>Whether a command line is such a question.</summary>
    public static bool AreAskedFor(string[] arguments) =>
        arguments is [{ } first, _] && first.StartsWith(Directive, StringComparison.Ordinal) && first.EndsWith(']');

    /// <summary>Writes one suggestion a line, none where there is nothing to suggest.</summary>
    /// <remarks>Nothing of what goes wrong is told: a person in the middle of a line has not asked for anything yet.</remarks>
    public static int Write(string[] arguments, Command root, GlobalOptions options)
    {
        foreach (var suggestion in Of(arguments[1], PositionIn(arguments), root, options))
            Terminal.Answer(suggestion);
        return ExitCode.Done;
    }

    /// <summary>What can stand where the cursor is, each beginning with the part of the word before it.</summary>
    public static IReadOnlyList<string> Of(string line, int position, Command root, GlobalOptions options)
    {
        Candidates.AddTo(root, options);
        // What stands behind the cursor may be of another thought.
        line = line[..Math.Clamp(position, 0, line.Length)];
        var word = line[(line.LastIndexOf(' ') + 1)..];
        var result = root.Parse(line);
        if (result.UnmatchedTokens.Any(token => token != word))
            return [];
        return
        [
            .. result
                .GetCompletions(line.Length)
                .Select(item => item.Label)
                .Where(label => label.StartsWith(word, StringComparison.Ordinal))
                // Options are many, and known by their dash.
                .Where(label => word.StartsWith('-') || !label.StartsWith('-'))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static int PositionIn(string[] arguments) =>
        int.TryParse(
            arguments[0][Directive.Length..^1],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var position
        )
            ? position
            : arguments[1].Length;
}
