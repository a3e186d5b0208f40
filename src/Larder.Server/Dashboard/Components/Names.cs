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

    /// <summary>What a reference is called in short: its last part, or all of a repository's name.</summary>
    public static string OfReference(string reference, int length)
    {
        var path = reference[(reference.IndexOf("//", StringComparison.Ordinal) + 2)..].Trim('/');
        var name = reference.StartsWith("hf:", StringComparison.Ordinal) ? path : path[(path.LastIndexOf('/') + 1)..];
        return Short(name.Length > 0 ? Uri.UnescapeDataString(name) : reference, length);
    }

    /// <summary>A number of things.</summary>
    public static string Amount(long count) =>
        count.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u202F');

    /// <summary>How many there are of something.</summary>
    public static string Count(long count, string one, string? many = null) =>
        $"{Amount(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>How long something will take yet: nobody knows it better than to a second.</summary>
    public static string Left(TimeSpan time) =>
        time.TotalSeconds < 119.5
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s left")
            : $"{Wording.Seconds(time.TotalSeconds)} left";

    /// <summary>A part of something in percent; a dash where there is nothing.</summary>
    public static string Share(long part, long whole) =>
        whole == 0
            ? Wording.Unknown
            : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0}\u00A0%");

    /// <summary>A number in an attribute.</summary>
    public static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);
}
