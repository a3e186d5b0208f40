using System.Globalization;
using Larder.Graphs;

namespace PolicySimulator.Traces;

/// <summary>A line of a CSV file, its cells by the names of their columns.</summary>
internal sealed class CsvRow(
    string path,
    int line,
    IReadOnlyDictionary<string, int> columns,
    IReadOnlyList<string> cells
)
{
    private const decimal MostSeconds = 100_000_000_000;

    public int Line => line;

    /// <summary>The name of a model.</summary>
    public string Name(string column)
    {
        var name = Cell(column);
        return name.Length > 0 ? name : throw Wrong(column, "the name of a model");
    }

    /// <summary>A size; null where the cell is empty or there is no such column.</summary>
    public long? Bytes(string column)
    {
        var text = Cell(column);
        if (text.Length is 0)
            return null;
        return
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            && bytes is > 0 and <= GraphSize.MaxBytes
            ? bytes
            : throw Wrong(column, "a whole number of bytes from 1 to 2^50");
    }

    /// <summary>A duration in seconds; null where the cell is empty or there is no such column.</summary>
    public TimeSpan? Seconds(string column)
    {
        var text = Cell(column);
        if (text.Length is 0)
            return null;
        return TryParseSeconds(text) ?? throw Wrong(column, "seconds as a number from 0 to 100000000000, like 12.5");
    }

    /// <summary>A time in seconds or by ISO 8601, from wherever the one or the other counts.</summary>
    public TimeSpan Time(string column, out bool isDate)
    {
        var text = Cell(column);
        isDate = DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var date
        );
        if (isDate)
            return TimeSpan.FromTicks(date.UtcTicks);
        return TryParseSeconds(text)
            ?? throw Wrong(column, "seconds as a number from 0, like 12.5, or ISO 8601, like 2026-01-31T12:00:00Z");
    }

    public TraceException Wrong(string column, string expected) =>
        At(path, line, $"the {column} is '{Cell(column)}' where {expected} is expected");

    public static TraceException At(string path, int line, string fault) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path}, line {line}: {fault}."));

    // Decimals, so that times that were written come back to the tick.
    private static TimeSpan? TryParseSeconds(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
        && seconds is >= 0 and <= MostSeconds
            ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : null;

    private string Cell(string column) =>
        columns.TryGetValue(column, out var place) && place < cells.Count ? cells[place] : "";
}
