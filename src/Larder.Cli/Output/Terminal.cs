using System.Text;
using System.Text.Json;

namespace Larder.Cli.Output;

/// <summary>Answers go to standard output, everything else to standard error.</summary>
internal static class Terminal
{
    // The streams and not Console's writers, which set up a terminal and its encodings first; both take whole lines.
    private static readonly Lazy<Stream> Output = new(Console.OpenStandardOutput);
    private static readonly Lazy<Stream> Error = new(Console.OpenStandardError);

    /// <summary>Writes a line of the answer.</summary>
    public static void Answer(string line) => WriteLine(Output.Value, line);

    /// <summary>Writes a line for the person who watches.</summary>
    public static void Message(string line) => WriteLine(Error.Value, line);

    /// <summary>Puts a line for the person who watches in the place of the last one that was drawn.</summary>
    public static void Draw(string line) => Error.Value.Write(Encoding.UTF8.GetBytes($"\r\e[2K{line}"));

    /// <summary>Writes the one JSON document of <c>--json</c>.</summary>
    public static void Json(Action<Utf8JsonWriter> write)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
            write(json);
        output.WriteByte((byte)'\n');
    }

    private static void WriteLine(Stream stream, string line) => stream.Write(Encoding.UTF8.GetBytes(line + '\n'));
}
