using Spectre.Console;

namespace Larder.Cli.Output;

/// <summary>Tables for people, on standard output.</summary>
internal static class TableView
{
    /// <summary>Room for the lines and spaces of a column.</summary>
    private const int ColumnExtra = 3;

    /// <summary>The least of the first column that still tells one reference from another.</summary>
    private const int LeastFirst = 24;

    /// <summary>The least room in which sentences can be read.</summary>
    private const int LeastText = 20;

    /// <summary>Writes a table; on a terminal that is too narrow the first column is shortened, and no other.</summary>
    public static void Write(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> all = [.. rows.Select(row => (string[])[.. row.Select(PlainText.Of)])];
        var widths = columns
            .Select((column, i) => all.Select(row => row[i].Length).Append(column.Length).Max() + ColumnExtra)
            .ToArray();
        var first = widths[0];
        if (!Console.IsOutputRedirected)
            first = Math.Min(first, Math.Max(LeastFirst, AnsiConsole.Console.Profile.Width - 1 - widths[1..].Sum()));

        var table = NewTable(columns);
        foreach (var row in all)
            table.AddRow([
                Markup.Escape(Shortened.Of(row[0], first - ColumnExtra)),
                .. row.Skip(1).Select(Markup.Escape),
            ]);
        Write(table, first + widths[1..].Sum());
    }

    /// <summary>Writes a table whose last column has sentences, which take several lines on a terminal that is too narrow.</summary>
    public static void WriteSentences(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = columns.Select(
            (column, i) => rows.Select(row => row[i].Length).Append(column.Length).Max() + ColumnExtra
        );
        var (others, text) = (widths.SkipLast(1).Sum(), widths.Last());
        if (!Console.IsOutputRedirected)
            text = Math.Min(text, Math.Max(LeastText, AnsiConsole.Console.Profile.Width - 1 - others));
        var table = NewTable(columns);
        table.Columns[^1].NoWrap = false;
        table.Columns[^1].Width = text - ColumnExtra;
        foreach (var row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        Write(table, others + text);
    }

    private static Table NewTable(IReadOnlyList<string> columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        return table;
    }

    // What still does not fit the terminal may wrap: the library would leave it out.
    private static void Write(Table table, int width)
    {
        AnsiConsole.Console.Profile.Width = Math.Max(AnsiConsole.Console.Profile.Width, width + 1);
        AnsiConsole.Write(table);
    }
}
