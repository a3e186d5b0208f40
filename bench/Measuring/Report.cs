using System.Globalization;
using System.Text.Json.Nodes;

namespace Measuring;

/// <summary>A table for people on standard output, and the same numbers in a JSON file.</summary>
public sealed class Report(string title, params string[] columns)
{
    private readonly JsonObject _rows = [];
    private readonly JsonObject _results = [];
    private readonly List<string> _notes = [];

    /// <summary>Adds a row: a number for each column, in the order of the columns.</summary>
    public void Row(string name, params double[] values)
    {
        var row = new JsonObject();
        for (var i = 0; i < columns.Length; i++)
            row[columns[i]] = Math.Round(values[i], 4);
        _rows[name] = row;
    }

    /// <summary>Adds a number with its limit, and whether it is kept.</summary>
    public void Result(string name, double value, double limit)
    {
        _results[name] = new JsonObject
        {
            ["value"] = Math.Round(value, 4),
            ["limit"] = limit,
            ["kept"] = value <= limit,
        };
        _notes.Add($"{name}: {Text(value)}, limit {Text(limit)}: {(value <= limit ? "kept" : "NOT KEPT")}");
    }

    /// <summary>Adds a sentence below the table.</summary>
    public void Note(string sentence) => _notes.Add(sentence);

    /// <summary>Prints the table and writes the file.</summary>
    public void Write(string path)
    {
        Console.Out.WriteLine($"\n## {title}\n");
        Line(["", .. columns]);
        Line(["---", .. columns.Select(_ => "---:")]);
        foreach (var (name, row) in _rows)
            Line([name, .. row!.AsObject().Select(cell => Text(cell.Value!.GetValue<double>()))]);
        Console.Out.WriteLine();
        foreach (var note in _notes)
            Console.Out.WriteLine($"- {note}");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, new JsonObject { ["rows"] = _rows, ["results"] = _results }.ToJsonString());
    }

    private static void Line(IEnumerable<string> cells) => Console.Out.WriteLine($"| {string.Join(" | ", cells)} |");

    private static string Text(double value) =>
        value.ToString(value < 10 ? "0.###" : "0.#", CultureInfo.InvariantCulture);
}
