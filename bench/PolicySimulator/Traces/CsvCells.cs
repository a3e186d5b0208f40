using System.Text;

namespace PolicySimulator.Traces;

/// <summary>The cells of a line of CSV, as text.</summary>
internal static class CsvCells
{
    /// <summary>The cells of a line; null where quotes do not close.</summary>
    public static List<string>? Split(string text)
    {
        List<string> cells = [];
        var cell = new StringBuilder();
        var isQuoted = false;
        foreach (var character in text)
        {
            if (character is '"')
            {
                // The second of two quotes inside quotes is one that is meant.
                isQuoted = !isQuoted;
                cell.Append(character);
            }
            else if (character is ',' && !isQuoted)
            {
                cells.Add(Unquote(cell.ToString()));
                cell.Clear();
            }
            else
            {
                cell.Append(character);
            }
        }
        cells.Add(Unquote(cell.ToString()));
        return isQuoted ? null : cells;
    }

    /// <summary>A cell as it is written: in quotes where it has a comma, a quote or spaces around it.</summary>
    public static string Quote(string cell) =>
        cell.AsSpan().ContainsAny(',', '"') || cell.Trim().Length < cell.Length
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : cell;

    private static string Unquote(string cell)
    {
        var trimmed = cell.Trim();
        return trimmed.StartsWith('"') && trimmed.EndsWith('"') && trimmed.Length > 1
            ? trimmed[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal)
            : trimmed;
    }
}
