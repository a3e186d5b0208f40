using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Recordings.AI.Json;

/// <summary>Puts the bytes of a <c>data:</c> URI among the <see cref="ClientParts"/>.</summary>
internal sealed class DataUriConverter : JsonConverter<string>
{
    private const string Scheme = "data:";
    private const string Base64 = ";base64,";

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        if (!TryParse(value, out var mediaType, out var bytes))
        {
            writer.WriteStringValue(value);
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("mediaType", mediaType);
        writer.WriteNumber("data", ClientParts.Current.Add(bytes));
        writer.WriteEndObject();
    }

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.String)
            return reader.GetString()!;
        using var document = JsonDocument.ParseValue(ref reader);
        var parts = ClientParts.Current.Data;
        if (
            document.RootElement.ValueKind is JsonValueKind.Object
            && document.RootElement.TryGetProperty("mediaType", out var mediaType)
            && mediaType.ValueKind is JsonValueKind.String
            && document.RootElement.TryGetProperty("data", out var place)
            && place.TryGetInt32(out var index)
            && index >= 0
            && index < parts.Count
        )
            return Uri(mediaType.GetString()!, parts[index]);
        throw new JsonException($"Content names bytes that the recording has not: {document.RootElement.GetRawText()}");
    }

    private static bool TryParse(string uri, out string mediaType, out byte[] bytes)
    {
        (mediaType, bytes) = ("", []);
        var comma = uri.IndexOf(Base64, StringComparison.Ordinal);
        if (!uri.StartsWith(Scheme, StringComparison.Ordinal) || comma < 0)
            return false;
        try
        {
            bytes = Convert.FromBase64String(uri[(comma + Base64.Length)..]);
        }
        catch (FormatException)
        {
            return false;
        }
        mediaType = uri[Scheme.Length..comma];
        // Else another spelling of the same bytes would come back.
        return Uri(mediaType, bytes) == uri;
    }

    private static string Uri(string mediaType, byte[] bytes) =>
        $"{Scheme}{mediaType}{Base64}{Convert.ToBase64String(bytes)}";
}
