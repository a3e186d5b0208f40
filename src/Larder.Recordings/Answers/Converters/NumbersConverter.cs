using System.Text.Json;
using System.Text.Json.Serialization;
using Larder.Content.Tensors;

namespace Larder.Recordings.Answers.Converters;

/// <summary>Rows of numbers: a JSON array where they are few, else a tensor of one dimension, which needs no line for each.</summary>
/// <param name="to">Makes elements of a value.</param>
/// <param name="from">Makes a value of elements that are its own.</param>
internal sealed class NumbersConverter<TRow, T>(Func<TRow, ReadOnlyMemory<T>> to, Func<T[], TRow> from)
    : JsonConverter<TRow>
    where T : unmanaged
{
    private static readonly TensorElement Element =
        TensorElement.Of(typeof(T)) ?? throw new NotSupportedException($"There are no tensors of {typeof(T)}.");

    public override TRow Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
            return from(ReadElements(ref reader));
        var tensor = TensorDocument.Read(ref reader, options);
        return tensor.ElementType == Element.Name && tensor.Shape.Count == 1
            ? from(LittleEndian.ElementsOf<T>(tensor.Bytes.Span))
            : throw new JsonException(
                $"Expected a row of {Element.Name}, got a tensor of {tensor.ElementType} with {tensor.Shape.Count} dimensions."
            );
    }

    public override void Write(Utf8JsonWriter writer, TRow value, JsonSerializerOptions options)
    {
        var elements = to(value);
        var bytes = LittleEndian.BytesOf(elements.Span);
        if (elements.Length <= TensorDocument.MaxValues && Element.IsExactInJson(bytes))
        {
            writer.WriteStartArray();
            Element.Write(writer, bytes);
            writer.WriteEndArray();
        }
        else
        {
            TensorDocument.Write(writer, new TensorValue(Element.Name, [elements.Length], bytes), options);
        }
    }

    private static T[] ReadElements(ref Utf8JsonReader reader)
    {
        var elements = new List<T>();
        var element = new byte[Element.SizeBytes];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Element.Read(ref reader, element);
            elements.Add(LittleEndian.ElementsOf<T>(element)[0]);
        }
        return [.. elements];
    }
}
