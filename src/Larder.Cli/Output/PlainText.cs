namespace Larder.Cli.Output;

/// <summary>Names out of files that others wrote, as a terminal may have them.</summary>
internal static class PlainText
{
    /// <summary>The text with a mark in the place of what a terminal would obey, line ends too.</summary>
    public static string Of(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(unit => char.IsControl(unit) ? '\uFFFD' : unit)) : text;
}
