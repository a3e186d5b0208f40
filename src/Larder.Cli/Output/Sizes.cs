using System.Globalization;

namespace Larder.Cli.Output;

/// <summary>Sizes and times as people read them.</summary>
internal static class Sizes
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>A size in decimal units with three digits or so: <c>1.07 GB</c>.</summary>
    public static string Bytes(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        for (; value >= 999.5 && unit < Units.Length - 1; unit++)
            value /= 1000;
        var format =
            unit == 0 || value >= 99.95 ? "0"
            : value >= 9.995 ? "0.0"
            : "0.00";
        return value.ToString(format, CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    /// <summary>A time in ms below a second, in s above.</summary>
    public static string Time(TimeSpan time) =>
        time.TotalSeconds < 1
            ? time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture) + " ms"
            : time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s";

    /// <summary>A time that is a guess, in no more than two units: <c>7 s</c>, <c>12 min</c>, <c>3 h 5 min</c>.</summary>
    public static string TimeLeft(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(time.TotalSeconds);
        var minutes = (seconds + 59) / 60;
        return seconds < 120 ? FormattableString.Invariant($"{seconds} s")
            : minutes < 120 ? FormattableString.Invariant($"{minutes} min")
            : FormattableString.Invariant($"{minutes / 60} h {minutes % 60} min");
    }

    /// <summary>A moment as local time to the minute.</summary>
    public static string Moment(DateTimeOffset moment) =>
        moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
