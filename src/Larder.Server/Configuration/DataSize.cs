using System.Globalization;

namespace Larder.Server.Configuration;

/// <summary>Sizes as people write them: a number of bytes, or a number and a unit, <c>MB</c> decimal and <c>MiB</c> binary.</summary>
public static class DataSize
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("kB", 1000),
        ("KB", 1000),
        ("MB", 1000_000),
        ("GB", 1000_000_000),
        ("TB", 1000_000_000_000),
        ("KiB", 1L << 10),
        ("MiB", 1L << 20),
        ("GiB", 1L << 30),
        ("TiB", 1L << 40),
        ("B", 1),
        ("", 1),
    ];

    /// <summary>Reads a size such as <c>50 GB</c>; it is never negative.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = 0;
        var (unit, factor) = Array.Find(Units, unit => text.EndsWith(unit.Unit, StringComparison.Ordinal));
        if (
            !decimal.TryParse(
                text.AsSpan(0, text.Length - unit.Length),
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture,
                out var number
            )
            || number > long.MaxValue / factor
        )
            return false;
        bytes = (long)(number * factor);
        return true;
    }
}
