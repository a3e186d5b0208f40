using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Content;

/// <summary>The one way to write a JSON document, by RFC 8785 (JCS): equal documents have equal bytes.</summary>
/// <remarks>
/// Beyond the RFC: arrays and objects may be nested 64 deep. Numbers become the nearest double, also integers that
/// a double cannot hold; <see cref="EntryKey"/> refuses those.
/// </remarks>
public static class CanonicalJson
{
    /// <summary>Writes a node in canonical form.</summary>
    /// <exception cref="InvalidDocumentException">The node has no canonical form.</exception>
    public static byte[] Serialize(JsonNode? node) => Serialize(node, IntegerRule.Round);

    /// <summary>Writes an element in canonical form.</summary>
    /// <exception cref="InvalidDocumentException">The element has no canonical form.</exception>
    public static byte[] Serialize(JsonElement element) =>
        Serialize(
            element.ValueKind switch
            {
                JsonValueKind.Undefined => throw new InvalidDocumentException("$", "the element has no value"),
                JsonValueKind.Object => JsonObject.Create(element),
                JsonValueKind.Array => JsonArray.Create(element),
                _ => JsonValue.Create(element),
            }
        );

    /// <summary>Writes a document in canonical form.</summary>
    /// <exception cref="InvalidDocumentException">The bytes are not JSON, or have no canonical form.</exception>
    public static byte[] Canonicalize(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = CanonicalJsonTree.MaxDepth };
            return Serialize(JsonNode.Parse(utf8Json, documentOptions: options));
        }
        catch (JsonException e)
        {
            throw new InvalidDocumentException(e.Path ?? "$", $"it is not JSON ({e.Message.TrimEnd('.')})", e);
        }
    }

    internal static byte[] Serialize(JsonNode? node, IntegerRule integers)
    {
        var writer = new CanonicalJsonWriter();
        new CanonicalJsonTree(writer, integers).Write(node);
        return writer.ToArray();
    }
}
