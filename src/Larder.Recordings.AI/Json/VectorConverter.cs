using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Recordings.AI.Json;

/// <summary>Puts the vector of an embedding among the <see cref="ClientParts"/>.</summary>
internal sealed class VectorConverter : JsonConverter<ReadOnlyMemory<float>>
{
    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<float> value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(ClientParts.Current.Add(value.ToArray()));

    public override ReadOnlyMemory<float> Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    )
    {
        var parts = ClientParts.Current.Vectors;
        return
            reader.TokenType is JsonTokenType.Number
            && reader.TryGetInt32(out var index)
            && index >= 0
            && index < parts.Count
            ? parts[index]
            : throw new JsonException("An embedding names a vector that the recording has not.");
    }
}
