using System.Globalization;
using System.Text.RegularExpressions;

namespace Larder.Passes.Commands;

/// <summary>Lengths of time as people write them: a number and ms, s, min, h or d.</summary>
internal static partial class TimeText
{
    // A timer can wait no longer than 49 days.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Reads a time of more than nothing and up to 30 days.</summary>
    public static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        if (
            Form().Match(text) is not { Success: true } match
            || !double.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var number)
        )
            return false;
        var seconds = match.Groups[2].Value switch
        {
            "ms" => number / 1000,
            "s" => number,
            "min" => number * 60,
            "h" => number * 3600,
            _ => number * 86400,
        };
        if (seconds < 0.001 || seconds > Longest.TotalSeconds)
            return false;
        time = TimeSpan.FromSeconds(seconds);
        return true;
    }

    [GeneratedRegex(@"\A([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(ms|s|min|h|d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
