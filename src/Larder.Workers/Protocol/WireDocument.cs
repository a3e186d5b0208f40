using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Larder.Content;

namespace Larder.Workers.Protocol;

/// <summary>Lines of workers as documents.</summary>
internal static class WireDocument
{
    private const int MaxShownBytes = 200;

    /// <summary>The object that a line is.</summary>
    /// <exception cref="ProtocolException">It is none.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> line)
    {
        // The parser looks at no text within, and what is answered is passed on as it came.
        if (!Utf8.IsValid(line))
            throw new ProtocolException($"it wrote a line to its channel that is no UTF-8: {Shown(line)}");
        try
        {
            var document = JsonElement.Parse(line, WireLimits.Documents);
            if (document.ValueKind is JsonValueKind.Object)
                return document;
        }
        catch (JsonException failure)
        {
            throw new ProtocolException(
                $"it wrote a line to its channel that is no JSON document ({failure.Message.TrimEnd('.')}): {Shown(line)}"
            );
        }
        throw new ProtocolException($"it wrote a line to its channel that is no object: {Shown(line)}");
    }

    /// <summary>A member that is a text; null when it is none.</summary>
    public static string? TextOf(JsonElement element, string name)
    {
        if (
            element.ValueKind is not JsonValueKind.Object
            || !element.TryGetProperty(name, out var value)
            || value.ValueKind is not JsonValueKind.String
        )
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a pair of surrogates, which JSON can write and no text has.
            return null;
        }
    }

    public static bool IsNumber(this JsonElement element) => element.ValueKind is JsonValueKind.Number;

    /// <summary>The beginning of a line, for a message.</summary>
    public static string Shown(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, MaxShownBytes)]);
        return Printable.Quote(line.Length > MaxShownBytes ? text + "…" : text);
    }
}
