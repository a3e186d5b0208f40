using System.Text.RegularExpressions;

namespace Larder.Passes.Commands;

/// <summary>Places in the arguments of a command that paths come into.</summary>
internal static partial class Placeholders
{
    /// <summary>The model to read.</summary>
    public const string Input = "input";

    /// <summary>Where the new model goes; of passes.</summary>
    public const string Output = "output";

    /// <summary>The working directory.</summary>
    public const string Work = "work";

    /// <summary>The file that figures go into; of evaluations.</summary>
    public const string Metrics = "metrics";

    /// <summary>The model that the workflow begins with; of evaluations.</summary>
    public const string Original = "original";

    /// <summary>The places that an argument has.</summary>
    public static IEnumerable<string> In(string argument) =>
        Place().Matches(argument).Select(match => match.Groups[1].Value);

    /// <summary>Puts the paths in; in one go, for a path may look like a place itself.</summary>
    public static string Replace(string argument, IReadOnlyDictionary<string, string> paths) =>
        Place().Replace(argument, match => paths[match.Groups[1].Value]);

    // What is behind a '$' belongs to the shell.
    [GeneratedRegex(@"(?<!\$)\{(input|output|work|metrics|original)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
