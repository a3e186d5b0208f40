using System.Text;

namespace Larder.Server.Telemetry;

/// <summary>Names, units and labels as Prometheus has them.</summary>
internal static class PrometheusName
{
    /// <summary>The name of an instrument's metric, with its unit and without a counter's <c>_total</c>.</summary>
    public static string Of(string instrument, string? unit)
    {
        var name = Sanitize(instrument);
        var suffix = UnitOf(unit);
        return suffix is null || name == suffix || name.EndsWith($"_{suffix}", StringComparison.Ordinal)
            ? name
            : $"{name}_{suffix}";
    }

    /// <summary>The word for a unit of UCUM; null for one that is not written, such as <c>{pull}</c>.</summary>
    public static string? UnitOf(string? unit) =>
        unit switch
        {
            "s" => "seconds",
            "By" => "bytes",
            _ => null,
        };

    /// <summary>Labels, sorted by name, as they are written between braces.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var sorted = tags.ToArray();
        Array.Sort(sorted, (x, y) => string.CompareOrdinal(x.Key, y.Key));
        var text = new StringBuilder();
        foreach (var (name, value) in sorted)
        {
            if (text.Length > 0)
                text.Append(',');
            text.Append(Sanitize(name)).Append("=\"");
            AppendValue(text, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "");
            text.Append('"');
        }
        return text.ToString();
    }

    /// <summary>A help text, in which a line feed would end the line.</summary>
    public static string Help(string? text) =>
        (text ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static void AppendValue(StringBuilder text, string value)
    {
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '\\' => text.Append("\\\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                _ => text.Append(letter),
            };
        }
    }

    private static string Sanitize(string name)
    {
        var letters = name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_').ToArray();
        return char.IsAsciiDigit(letters[0]) ? $"_{new string(letters)}" : new string(letters);
    }
}
