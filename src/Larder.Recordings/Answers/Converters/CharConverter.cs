using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Recordings.Answers.Converters;

/// <summary>Characters: a text of one, and of a half of a surrogate pair, which JSON cannot hold, its number.</summary>
internal sealed class CharConverter : JsonConverter<char>
{
    public override char Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetUInt16(out var half))
            return (char)half;
        return reader.TokenType == JsonTokenType.String && reader.GetString() is [var character]
            ? character
            : throw new JsonException("Expected a text of one character.");
    }

    public override void Write(Utf8JsonWriter writer, char value, JsonSerializerOptions options)
    {
        if (char.IsSurrogate(value))
            writer.WriteNumberValue((ushort)value);
        else
            writer.WriteStringValue([value]);
    }
}
