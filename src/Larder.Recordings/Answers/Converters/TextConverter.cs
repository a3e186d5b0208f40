using System.Text.Json;
using System.Text.Json.Serialization;
using Larder.Content;

namespace Larder.Recordings.Answers.Converters;

/// <summary>Texts, which the serializer would change where they hold half of a surrogate pair.</summary>
internal sealed class TextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? reader.GetString()
            : throw new JsonException($"Expected a text, got {reader.TokenType}.");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Checked(value));

    public override string ReadAsPropertyName(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(options.DictionaryKeyPolicy?.ConvertName(Checked(value)) ?? Checked(value));

    private static string Checked(string text) =>
        Utf16.IsWellFormed(text)
            ? text
            : throw new RefusedException("the text holds half of a surrogate pair, which JSON cannot");
}
