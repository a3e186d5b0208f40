using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Larder.Content;
using Larder.Recordings.Files;

namespace Larder.Recordings;

/// <summary>Values of JSON as a message shows them: short, and without what a terminal would obey.</summary>
internal static class Shown
{
    private const int MostLength = 100;

    // How much of what is alike is shown before the first difference.
    private const int Before = 20;

    private static readonly JsonWriterOptions OneLine = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = RecordingDocument.MaxDepth,
    };

    /// <summary>A value by itself.</summary>
    public static string Value(JsonElement value) => Cut(TextOf(value), from: 0);

    /// <summary>Two values that differ, long ones around their first difference; null is nothing at all.</summary>
    public static (string First, string Second) Pair(JsonElement? first, JsonElement? second)
    {
        var (left, right) = (TextOf(first), TextOf(second));
        if (left.Length <= MostLength && right.Length <= MostLength)
            return (left, right);
        var from = Math.Max(left.AsSpan().CommonPrefixLength(right) - Before, 0);
        return (Cut(left, from), Cut(right, from));
    }

    /// <summary>A text by itself, in quotes.</summary>
    public static string Text(string text) =>
        Printable.Quote(text.Length <= MostLength ? text : $"{text.AsSpan(0, MostLength)}…");

    /// <summary>A value of which only a text or number is worth showing.</summary>
    public static string Summary(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => $"an array of {value.GetArrayLength()}",
            JsonValueKind.String => Text(value.GetString()!),
            _ => value.GetRawText(),
        };

    private static string TextOf(JsonElement? given)
    {
        if (given is not { } value)
            return "nothing";
        try
        {
            // Not by the serialiser, which takes longer to get ready than a miss may take.
            using var text = new MemoryStream();
            using (var json = new Utf8JsonWriter(text, OneLine))
                value.WriteTo(json);
            return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
        }
        catch (InvalidOperationException)
        {
            return Printable.Escape(value.GetRawText());
        }
    }

    private static string Cut(string text, int from)
    {
        var start = from > 0 && text.Length > MostLength ? Math.Min(from, text.Length - 1) : 0;
        var length = Math.Min(MostLength, text.Length - start);
        return $"{(start > 0 ? "…" : "")}{text.AsSpan(start, length)}{(start + length < text.Length ? "…" : "")}";
    }
}
