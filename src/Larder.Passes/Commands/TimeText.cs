using System.Globalization;

namespace Larder.Passes.Commands;

/// <summary>Lengths of time as people write them: a number and ms, s, min, h or d.</summary>
internal static class TimeText
{
    // A timer can wait no longer than 49 days.
    private const double MostSeconds = 30 * 86400;

    // Those first that end like another.
    private static readonly (string Unit, double Seconds)[] Units =
    [
        ("ms", 0.001),
        ("min", 60),
        ("s", 1),
        ("h", 3600),
        ("d", 86400),
    ];

    /// <summary>Reads a time from 1 ms to 30 days; null when it is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        var (unit, seconds) = Units.FirstOrDefault(unit => text.EndsWith(unit.Unit, StringComparison.Ordinal));
        return
            unit is not null
            && double.TryParse(
                text.AsSpan(0, text.Length - unit.Length),
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture,
                out var number
            )
            && number * seconds is >= 0.001 and <= MostSeconds
            ? TimeSpan.FromSeconds(number * seconds)
            : null;
    }
}
