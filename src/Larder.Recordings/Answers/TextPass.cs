using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Larder.Recordings.Answers.Converters;

namespace Larder.Recordings.Answers;

/// <summary>Changes the texts of a document: all that it changes is told by a function of a member's name and a text.</summary>
/// <remarks>
/// The serializer's converters do not know the member that they write, and a secret may be known by its member's name alone: texts
/// are changed in the document that the serializer has written.
/// </remarks>
internal static class TextPass
{
    private static readonly JsonWriterOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // The document was valid before.
        SkipValidation = true,
    };

    /// <summary>The document with its texts and names as the function gives them.</summary>
    /// <param name="document">The document; it stays as it is.</param>
    /// <param name="change">The text of the member of that name, null for an item, or for the name of a member.</param>
    /// <exception cref="JsonException">Two members of one object get the same name.</exception>
    public static JsonElement Apply(JsonElement document, Func<string?, string, string> change)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
            Write(writer, null, document, change);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void Write(
        Utf8JsonWriter writer,
        string? name,
        JsonElement element,
        Func<string?, string, string> change
    )
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, name, element, change);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(writer, null, item, change);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(change(name, element.GetString()!));
                break;
            default:
                // Digits stay as they are: 1.10 is not 1.1.
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(element), skipInputValidation: true);
                break;
        }
    }

    private static void WriteObject(
        Utf8JsonWriter writer,
        string? outer,
        JsonElement element,
        Func<string?, string, string> change
    )
    {
        // A value with its type beside it is still the value of the member around it.
        var isTyped = element.TryGetProperty(ObjectConverter.TypeMember, out _);
        var names = new HashSet<string>(StringComparer.Ordinal);
        writer.WriteStartObject();
        foreach (var member in element.EnumerateObject())
        {
            var name = change(null, member.Name);
            if (!names.Add(name))
                throw new JsonException($"Two members of one object would be called '{name}'.");
            writer.WritePropertyName(name);
            var owner = isTyped && member.Name == ObjectConverter.ValueMember ? outer : member.Name;
            Write(writer, owner, member.Value, change);
        }
        writer.WriteEndObject();
    }
}
