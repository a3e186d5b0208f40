using Spectre.Console;

namespace Larder.Cli.Output;

/// <summary>Tables for people, on standard output.</summary>
internal static class TableView
{
    // Where there is no terminal nothing limits the width, and a wrapped cell would be harder to read than a long line.
    private const int WidthWithoutTerminal = 400;

    public static void Write(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        foreach (var row in rows)
            table.AddRow([.. row.Select(cell => Markup.Escape(cell))]);
        if (Console.IsOutputRedirected)
            AnsiConsole.Console.Profile.Width = WidthWithoutTerminal;
        AnsiConsole.Write(table);
    }
}
