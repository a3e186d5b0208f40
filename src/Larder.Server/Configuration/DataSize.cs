using System.Globalization;

namespace Larder.Server.Configuration;

/// <summary>Sizes as people write them: a number of bytes, or one with kB, MB, GB, TB (decimal) or KiB, MiB, GiB, TiB.</summary>
public static class DataSize
{
    private static readonly (string Unit, double Bytes)[] Units =
    [
        ("KiB", 1L << 10),
        ("MiB", 1L << 20),
        ("GiB", 1L << 30),
        ("TiB", 1L << 40),
        ("kB", 1e3),
        ("MB", 1e6),
        ("GB", 1e9),
        ("TB", 1e12),
        ("B", 1),
        ("", 1),
    ];

    /// <summary>Reads a size such as <c>20 MB</c>.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = 0;
        var (unit, factor) = Units.First(one => text.EndsWith(one.Unit, StringComparison.Ordinal));
        if (
            !double.TryParse(
                text.AsSpan(0, text.Length - unit.Length),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var number
            ) || !(number >= 0 && number * factor <= 1e18)
        )
            return false;
        bytes = (long)Math.Round(number * factor);
        return true;
    }
}
