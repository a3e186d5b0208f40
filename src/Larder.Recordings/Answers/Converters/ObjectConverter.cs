using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Recordings.Answers.Converters;

/// <summary>
/// Values declared as <c>object</c>: texts, true, false, null and <c>int</c> as they are, all else as
/// <c>{"$type": "System.Double", "value": 1.5}</c>.
/// </summary>
/// <remarks>A type comes from a list made of the program's own types and is never looked for by a name in a file.</remarks>
internal sealed class ObjectConverter(KnownTypes types) : JsonConverter<object>
{
    public const string TypeMember = "$type";
    public const string ValueMember = "value";

    public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            case JsonTokenType.Number when reader.TryGetInt32(out var number):
                return number;
            case JsonTokenType.StartObject:
                using (var document = JsonDocument.ParseValue(ref reader))
                    return ReadTyped(document.RootElement, options);
            default:
                throw new JsonException($"Expected an object with '{TypeMember}' and '{ValueMember}'.");
        }
    }

    public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
    {
        if (value is string or bool or int)
        {
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
            return;
        }
        var type =
            types.TypeFor(value)
            ?? throw new RefusedException(
                $"it is a {TypeName.Of(value.GetType())} where {TypeName.Of(typeof(object))} is declared; "
                    + $"add that type to {nameof(RecordingsOptions)}.{nameof(RecordingsOptions.Types)}"
            );
        writer.WriteStartObject();
        writer.WriteString(TypeMember, TypeName.Of(type));
        writer.WritePropertyName(ValueMember);
        JsonSerializer.Serialize(writer, value, type, options);
        writer.WriteEndObject();
    }

    private object? ReadTyped(JsonElement document, JsonSerializerOptions options)
    {
        if (
            document.GetPropertyCount() != 2
            || !document.TryGetProperty(TypeMember, out var name)
            || name.ValueKind != JsonValueKind.String
            || !document.TryGetProperty(ValueMember, out var value)
        )
            throw new JsonException($"Expected an object with '{TypeMember}' and '{ValueMember}'.");
        var type =
            types.Named(name.GetString()!)
            ?? throw new JsonException(
                $"The type {name.GetString()} is not one that may stand for an object; "
                    + $"add it to {nameof(RecordingsOptions)}.{nameof(RecordingsOptions.Types)}."
            );
        return value.Deserialize(type, options);
    }
}
