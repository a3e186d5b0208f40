using System.Globalization;
using Larder.Passes.Running;

namespace Larder.Passes.Reports;

/// <summary>Numbers and outcomes as a report words them.</summary>
internal static class Wording
{
    public const string Unknown = "–";

    private const int ShortDigits = 12;
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    public static string Bytes(long? bytes)
    {
        if (bytes is not { } count)
            return Unknown;
        var value = (double)count;
        var unit = 0;
        for (; value >= 999.5 && unit < Units.Length - 1; unit++)
            value /= 1000;
        var format =
            unit == 0 || value >= 99.95 ? "0"
            : value >= 9.995 ? "0.0"
            : "0.00";
        return value.ToString(format, CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    public static string Seconds(double seconds) =>
        seconds switch
        {
            0 => "0 s",
            < 0.0995 => Invariant($"{seconds * 1000:0.#} ms"),
            < 9.995 => Invariant($"{seconds:0.00} s"),
            < 119.5 => Invariant($"{seconds:0.0} s"),
            < 7170 => Invariant($"{Math.Round(seconds / 60):0} min"),
            < 172_800 => Invariant($"{(long)(seconds / 3600)} h {(long)(seconds % 3600 / 60)} min"),
            _ => Invariant($"{seconds / 86_400:0.#} days"),
        };

    /// <summary>How much smaller or larger something has become, in one word; empty where that is not known or nothing.</summary>
    public static string Change(double? before, double? after)
    {
        if (before is not ({ } from and not 0) || after is not { } to)
            return "";
        var percent = (to - from) / Math.Abs(from) * 100;
        return !double.IsFinite(percent) || Math.Abs(percent) < 0.05 ? ""
            : percent >= 1000 && from > 0 ? Invariant($"×{to / from:G3}")
            : Math.Abs(percent) < 9.95 ? Invariant($"{Sign(percent)}{Math.Abs(percent):0.0}\u00A0%")
            : Invariant($"{Sign(percent)}{Math.Abs(percent):0}\u00A0%");
    }

    public static string Figure(double value) =>
        Math.Abs(value) is >= 1e7 or (> 0 and < 1e-4)
            ? value.ToString("0.###e0", CultureInfo.InvariantCulture)
            : value.ToString(
                Math.Abs(value) switch
                {
                    >= 1000 => "#,0.##",
                    >= 1 => "0.####",
                    _ => "0.######",
                },
                CultureInfo.InvariantCulture
            );

    public static string Outcome(StepOutcome outcome) =>
        outcome switch
        {
            StepOutcome.Computed => "computed",
            StepOutcome.LocalHit => "from this machine",
            StepOutcome.SharedHit => "from the shared store",
            StepOutcome.NotNeeded => "not needed",
            _ => "missing",
        };

    /// <summary>The beginning of a digest, enough to tell a few of them apart.</summary>
    public static string Short(string digest) => digest.Length <= ShortDigits ? digest : $"{digest[..ShortDigits]}…";

    /// <summary>A text of at most so many characters, its middle left out where it is longer: both ends of a path tell most.</summary>
    public static string Shorten(string text, int length)
    {
        if (text.Length <= length)
            return text;
        var (head, tail) = (text[..(length / 2)], text[^((length - 1) / 2)..]);
        // Not between the halves of a pair.
        return $"{(char.IsHighSurrogate(head[^1]) ? head[..^1] : head)}…{(char.IsLowSurrogate(tail[0]) ? tail[1..] : tail)}";
    }

    public static string Moment(DateTimeOffset moment) =>
        moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Sign(double number) => number < 0 ? "−" : "+";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
