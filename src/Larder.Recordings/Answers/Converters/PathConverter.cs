using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Recordings.Answers.Converters;

/// <summary>Files and directories by their full paths, of which what lies below the root is made relative with all texts.</summary>
internal sealed class PathConverter<T>(Func<string, T> make) : JsonConverter<T>
    where T : FileSystemInfo
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } path
            ? make(path)
            : throw new JsonException("Expected a path.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.FullName, options);
}
