using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Larder.Content.Tensors;

/// <summary>
/// A tensor in JSON: <c>{"$tensor": "float32", "shape": [2, 2], "values": […]}</c>, or with <c>data</c>, its bytes, in place of
/// <c>values</c> where there are many.
/// </summary>
/// <remarks>Values are for people, data is short; both are exact.</remarks>
internal static class TensorDocument
{
    /// <summary>More elements than these are written as bytes; texts never are.</summary>
    public const int MaxValues = 64;

    /// <summary>The member that tells a tensor, and the type of its elements.</summary>
    public const string Mark = "$tensor";

    private const string ShapeMember = "shape";
    private const string ValuesMember = "values";
    private const string DataMember = "data";

    /// <summary>Writes a tensor.</summary>
    /// <param name="writer">Where to write; a value must be expected there.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="options">Tell how bytes are written; as base64 by default.</param>
    public static void Write(Utf8JsonWriter writer, ITensorContent tensor, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString(Mark, tensor.ElementType);
        writer.WriteStartArray(ShapeMember);
        foreach (var size in tensor.Shape)
            writer.WriteNumberValue(size);
        writer.WriteEndArray();
        WriteElements(writer, tensor, options);
        writer.WriteEndObject();
    }

    /// <summary>Reads a tensor.</summary>
    /// <exception cref="JsonException">It is none, or its members do not fit one another.</exception>
    public static TensorValue Read(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return Read(
            document.RootElement,
            data =>
                BytesInfo(options) is { } info ? data.Deserialize(info)
                : data.TryGetBytesFromBase64(out var bytes) ? bytes
                : throw new JsonException("The data of the tensor is no base64 text.")
        );
    }

    /// <summary>Reads a tensor.</summary>
    /// <param name="document">The document.</param>
    /// <param name="readData">Makes bytes of the member <c>data</c>.</param>
    /// <exception cref="JsonException">It is none, or its members do not fit one another.</exception>
    public static TensorValue Read(JsonElement document, Func<JsonElement, ReadOnlyMemory<byte>> readData)
    {
        if (
            document.ValueKind != JsonValueKind.Object
            || document.GetPropertyCount() != 3
            || !document.TryGetProperty(Mark, out var mark)
            || mark.ValueKind != JsonValueKind.String
            || !document.TryGetProperty(ShapeMember, out var sizes)
        )
            throw new JsonException(
                $"A tensor is an object with '{Mark}', '{ShapeMember}', and either '{ValuesMember}' or '{DataMember}'."
            );
        var type = mark.GetString()!;
        var element = TensorElement.Of(type);
        if (element is null && type != TensorElement.Text)
            throw new JsonException($"There are no tensors of {Printable.Quote(type)}.");
        var shape = ReadShape(sizes);
        var count = CountOf(shape);
        if (document.TryGetProperty(ValuesMember, out var values))
            return new TensorValue(type, shape, ReadValues(values, type, element, count));
        if (element is null || !document.TryGetProperty(DataMember, out var data))
            throw new JsonException($"The {type} tensor has no '{ValuesMember}'.");
        var bytes = readData(data);
        if (bytes.Length != SizeOf(count, element))
            throw new JsonException(
                $"{count} elements of {type} are {SizeOf(count, element)} bytes, and there are {bytes.Length}."
            );
        return new TensorValue(type, shape, bytes);
    }

    /// <summary>The number of elements of a shape.</summary>
    /// <exception cref="JsonException">A size is negative, or memory cannot hold so many.</exception>
    public static int CountOf(IReadOnlyList<long> shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            if (size < 0 || (size != 0 && count > Array.MaxLength / size))
                throw new JsonException($"There is no tensor of the shape [{string.Join(", ", shape)}].");
            count *= size;
        }
        return (int)count;
    }

    private static void WriteElements(Utf8JsonWriter writer, ITensorContent tensor, JsonSerializerOptions options)
    {
        var bytes = tensor.Bytes;
        if (TensorElement.Of(tensor.ElementType) is not { } element)
        {
            writer.WriteStartArray(ValuesMember);
            foreach (var text in TensorTexts.TextsOf(bytes.Span))
                writer.WriteStringValue(text);
            writer.WriteEndArray();
        }
        else if (bytes.Length / element.SizeBytes <= MaxValues && element.IsExactInJson(bytes.Span))
        {
            writer.WriteStartArray(ValuesMember);
            element.Write(writer, bytes.Span);
            writer.WriteEndArray();
        }
        else
        {
            writer.WritePropertyName(DataMember);
            if (BytesInfo(options)?.Converter is JsonConverter<ReadOnlyMemory<byte>> converter)
                converter.Write(writer, bytes, options);
            else
                writer.WriteBase64StringValue(bytes.Span);
        }
    }

    private static long[] ReadShape(JsonElement sizes)
    {
        if (sizes.ValueKind != JsonValueKind.Array)
            throw new JsonException("The shape of a tensor is an array of whole numbers.");
        var shape = new long[sizes.GetArrayLength()];
        for (var i = 0; i < shape.Length; i++)
        {
            if (sizes[i].ValueKind != JsonValueKind.Number || !sizes[i].TryGetInt64(out shape[i]))
                throw new JsonException("The shape of a tensor is an array of whole numbers.");
        }
        return shape;
    }

    private static byte[] ReadValues(JsonElement values, string type, TensorElement? element, int count)
    {
        if (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() != count)
            throw new JsonException(
                $"The {type} tensor has {count} elements by its shape and not by its '{ValuesMember}'."
            );
        return element is null ? ReadTexts(values) : ReadNumbers(values, element, count);
    }

    private static byte[] ReadNumbers(JsonElement values, TensorElement element, int count)
    {
        var bytes = new byte[SizeOf(count, element)];
        var rest = bytes.AsSpan();
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(values));
        reader.Read();
        for (; !rest.IsEmpty; rest = rest[element.SizeBytes..])
        {
            reader.Read();
            element.Read(ref reader, rest[..element.SizeBytes]);
        }
        return bytes;
    }

    private static byte[] ReadTexts(JsonElement values)
    {
        var texts = new List<string>();
        foreach (var value in values.EnumerateArray())
        {
            if (value.ValueKind != JsonValueKind.String)
                throw new JsonException($"An element of a string tensor is a text, not {value.ValueKind}.");
            texts.Add(TextOf(value));
        }
        return TensorTexts.BytesOf([.. texts]);
    }

    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            // The parser lets an escaped half of a pair pass; reading it as a string is what fails.
            throw new JsonException("An element of a string tensor holds half of a surrogate pair.", e);
        }
    }

    private static int SizeOf(int count, TensorElement element) =>
        count <= Array.MaxLength / element.SizeBytes
            ? count * element.SizeBytes
            : throw new JsonException(
                $"{count} elements of {element.Name} are more bytes than memory holds in one piece."
            );

    // Options made for ahead-of-time compilation may not know bytes; they are base64 then, as everywhere by default.
    private static JsonTypeInfo<ReadOnlyMemory<byte>>? BytesInfo(JsonSerializerOptions options) =>
        options.TryGetTypeInfo(typeof(ReadOnlyMemory<byte>), out var info)
            ? (JsonTypeInfo<ReadOnlyMemory<byte>>)info
            : null;
}
