using System.Globalization;

namespace ModelGenerator.Commands;

/// <summary>Sizes as people write them: <c>1048576</c>, <c>20kB</c>, <c>256MiB</c>.</summary>
internal static class ByteSize
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("kiB", 1L << 10),
        ("MiB", 1L << 20),
        ("GiB", 1L << 30),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("B", 1),
        ("", 1),
    ];

    /// <summary>Reads a whole, positive number with or without a unit, in any case.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        foreach (var (unit, factor) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
                continue;
            var isNumber = long.TryParse(
                text[..^unit.Length],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            );
            if (!isNumber || number == 0 || number > long.MaxValue / factor)
                return false;
            bytes = number * factor;
            return true;
        }
        return false;
    }
}
