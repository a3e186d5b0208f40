using System.Globalization;
using Larder.Passes.Reports;

namespace Larder.Server.Dashboard.Components;

/// <summary>Names and numbers as pages write them.</summary>
internal static class Names
{
    /// <summary>A text from elsewhere, without characters that would change what is read around it.</summary>
    public static string Clean(string text) => Markup.Clean(text);

    /// <summary>The same, its middle left out where it is longer.</summary>
    public static string Short(string text, int length) => Wording.Shorten(Markup.Clean(text), length);

    /// <summary>How many there are of something.</summary>
    public static string Count(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {(count == 1 ? one : many ?? one + "s")}")
            .Replace(',', '\u202F');

    /// <summary>A part of something in percent; a dash where there is nothing.</summary>
    public static string Share(long part, long whole) =>
        whole == 0
            ? Wording.Unknown
            : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0}\u00A0%");

    /// <summary>A number in an attribute.</summary>
    public static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);
}
