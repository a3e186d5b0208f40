using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Recordings.AI.Json;

/// <summary>Writes the failure of a function's call as its type and message; it comes back as a <see cref="RecordedException"/>.</summary>
internal sealed class FailureConverter : JsonConverter<Exception>
{
    private static readonly JsonElement NoDetails = JsonElement.Parse("{}");

    public override void Write(Utf8JsonWriter writer, Exception value, JsonSerializerOptions options)
    {
        var recorded = value as RecordedException;
        writer.WriteStartObject();
        writer.WriteString("type", recorded?.TypeName ?? value.GetType().FullName);
        writer.WriteString("message", recorded?.RecordedMessage ?? value.Message);
        if (value.InnerException is { } inner)
        {
            writer.WritePropertyName("inner");
            Write(writer, inner, options);
        }
        writer.WriteEndObject();
    }

    public override Exception Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return Read(document.RootElement);
    }

    private static RecordedException Read(JsonElement failure)
    {
        if (
            failure.ValueKind is not JsonValueKind.Object
            || !failure.TryGetProperty("type", out var type)
            || type.ValueKind is not JsonValueKind.String
            || !failure.TryGetProperty("message", out var message)
            || message.ValueKind is not JsonValueKind.String
        )
            throw new JsonException("The failure of a function's call has no type or no message.");
        return new RecordedException(
            type.GetString()!,
            message.GetString()!,
            NoDetails,
            failure.TryGetProperty("inner", out var inner) ? Read(inner) : null
        );
    }
}
