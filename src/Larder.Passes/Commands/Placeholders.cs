using System.Text;

namespace Larder.Passes.Commands;

/// <summary>Places in the arguments of a command that paths come into: <c>{input}</c>.</summary>
internal static class Placeholders
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

    private static readonly string[] Names = [Input, Output, Work, Metrics, Original];

    /// <summary>The places that an argument has.</summary>
    public static IReadOnlyList<string> In(string argument)
    {
        var found = new List<string>();
        for (var i = 0; i < argument.Length; i++)
        {
            if (PlaceAt(argument, i) is { } name)
                found.Add(name);
        }
        return found;
    }

    /// <summary>Puts the paths in; in one go, for a path may look like a place itself.</summary>
    public static string Replace(string argument, IReadOnlyDictionary<string, string> paths)
    {
        var replaced = new StringBuilder();
        for (var i = 0; i < argument.Length; i++)
        {
            if (PlaceAt(argument, i) is { } name)
            {
                replaced.Append(paths[name]);
                i += name.Length + 1;
            }
            else
                replaced.Append(argument[i]);
        }
        return replaced.ToString();
    }

    // What is behind a '$' belongs to the shell.
    private static string? PlaceAt(string argument, int index) =>
        argument[index] == '{' && (index == 0 || argument[index - 1] != '$')
            ? Array.Find(Names, name => argument.AsSpan(index + 1).StartsWith($"{name}}}", StringComparison.Ordinal))
            : null;
}
