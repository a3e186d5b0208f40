namespace PolicySimulator.Traces;

/// <summary>The lines of a CSV file with or without a header.</summary>
internal static class CsvFile
{
    /// <summary>Reads the lines that are not empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The columns in the order that holds without a header; with one, any order and others beside them.</param>
    /// <param name="required">How many of these a header must have, from the first on.</param>
    /// <exception cref="TraceException">A line, named in the message, is none of a CSV file.</exception>
    public static IEnumerable<CsvRow> Read(string path, string[] columns, int required)
    {
        Dictionary<string, int>? places = null;
        var line = 0;
        foreach (var text in File.ReadLines(path))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
                continue;
            var cells = CsvCells.Split(text) ?? throw CsvRow.At(path, line, $"a quote is not closed in '{text}'");
            if (places is not null)
            {
                yield return new(path, line, places, cells);
                continue;
            }
            places = PlacesOf(cells, columns);
            if (places.Count is 0)
            {
                places = PlacesOf(columns, columns);
                yield return new(path, line, places, cells);
            }
            else if (columns.Take(required).FirstOrDefault(column => !places.ContainsKey(column)) is { } missing)
            {
                throw CsvRow.At(
                    path,
                    line,
                    $"the header '{text}' has no column {missing}; expected are {string.Join(",", columns)}"
                );
            }
        }
    }

    private static Dictionary<string, int> PlacesOf(IReadOnlyList<string> cells, string[] columns)
    {
        Dictionary<string, int> places = new(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < cells.Count; i++)
        {
            if (columns.Contains(cells[i], StringComparer.OrdinalIgnoreCase))
                places.TryAdd(cells[i], i);
        }
        return places;
    }
}
