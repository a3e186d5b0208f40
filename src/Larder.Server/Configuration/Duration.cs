using System.Globalization;

namespace Larder.Server.Configuration;

/// <summary>Lengths of time as people write them: a number and ms, s, min, h or d.</summary>
public static class Duration
{
    private static readonly (string Unit, double Seconds)[] Units =
    [
        ("ms", 0.001),
        ("min", 60),
        ("s", 1),
        ("h", 3600),
        ("d", 86400),
    ];

    /// <summary>Reads a time such as <c>5 min</c>; no unit is no time.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        foreach (var (unit, seconds) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal))
                continue;
            const double mostSeconds = 100.0 * 366 * 86400;
            if (
                !double.TryParse(
                    text.AsSpan(0, text.Length - unit.Length),
                    NumberStyles.Float,
                    CultureInfo.InvariantCulture,
                    out var number
                ) || !(number >= 0 && number * seconds <= mostSeconds)
            )
                return false;
            duration = TimeSpan.FromSeconds(number * seconds);
            return true;
        }
        return false;
    }
}
