using System.Text.Json;

namespace Larder.Cli.Output;

/// <summary>Answers go to standard output, everything else to standard error.</summary>
internal static class Terminal
{
    /// <summary>Writes a line of the answer.</summary>
    public static void Answer(string line) => Console.Out.WriteLine(line);

    /// <summary>Writes a line for the person who watches.</summary>
    public static void Message(string line) => Console.Error.WriteLine(line);

    /// <summary>Writes the one JSON document of <c>--json</c>.</summary>
    public static void Json(Action<Utf8JsonWriter> write)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
            write(json);
        output.WriteByte((byte)'\n');
    }
}
