using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Recordings.Answers.Converters;

/// <summary>Our own types for media, which know their documents themselves.</summary>
internal sealed class ContentConverter<T>(
    Action<Utf8JsonWriter, T, JsonSerializerOptions> write,
    Func<JsonElement, JsonSerializerOptions, T> read
) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return read(document.RootElement, options);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        write(writer, value, options);
}
