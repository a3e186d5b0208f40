using System.Text.Json;

namespace Larder.Content.Tensors;

/// <summary>Elements that are true or false, a byte each.</summary>
internal sealed class BoolElement() : TensorElement("bool", typeof(bool), 1)
{
    public override bool IsExactInJson(ReadOnlySpan<byte> elements) =>
        !elements.ContainsAnyExceptInRange((byte)0, (byte)1);

    public override void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> elements)
    {
        foreach (var element in elements)
            writer.WriteBooleanValue(element != 0);
    }

    public override void Read(ref Utf8JsonReader reader, Span<byte> element) =>
        element[0] = reader.TokenType switch
        {
            JsonTokenType.True => 1,
            JsonTokenType.False => 0,
            _ => throw new JsonException($"An element of a bool tensor is true or false, not {reader.TokenType}."),
        };
}
