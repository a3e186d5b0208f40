using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Recordings.Answers.Converters;

/// <summary>Times without an offset, but for those of the machine's own zone, which are other ones on the next machine.</summary>
internal sealed class TimeConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? reader.GetDateTime()
            : throw new JsonException($"Expected a time, got {reader.TokenType}.");

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(
            value.Kind != DateTimeKind.Local
                ? value
                : throw new RefusedException(
                    $"it is a {nameof(DateTime)} of the local time zone, which would be another one on a machine in another zone; "
                        + $"answer it in UTC, or a {nameof(DateTimeOffset)}"
                )
        );
}
