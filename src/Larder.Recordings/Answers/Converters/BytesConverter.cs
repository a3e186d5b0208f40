using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larder.Recordings.Requests;

namespace Larder.Recordings.Answers.Converters;

/// <summary>Bytes: a base64 text where they are few, else an attachment.</summary>
/// <param name="inlineBytes">More bytes than these are an attachment.</param>
/// <param name="redactor">Takes secrets out of bytes that are text, such as the body of a response.</param>
/// <param name="to">Makes bytes of a value.</param>
/// <param name="from">Makes a value of bytes that are its own.</param>
internal sealed class BytesConverter<T>(
    int inlineBytes,
    Redactor redactor,
    Func<T, ReadOnlyMemory<byte>> to,
    Func<byte[], T> from
) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return reader.TryGetBytesFromBase64(out var inline)
                ? from(inline)
                : throw new JsonException("It is no base64 text.");
        using var document = JsonDocument.ParseValue(ref reader);
        // A copy, since what is returned may be written to.
        return from(AttachmentDocument.Read(document.RootElement, AttachmentScope.ToRead).ToArray());
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        var bytes = WithoutSecrets(to(value));
        if (bytes.Length <= inlineBytes)
            writer.WriteBase64StringValue(bytes.Span);
        else
            // A copy, since the caller may write to what was returned before the recording is written.
            AttachmentDocument.Write(writer, bytes.ToArray(), FileKind.Of(bytes.Span));
    }

    private ReadOnlyMemory<byte> WithoutSecrets(ReadOnlyMemory<byte> bytes)
    {
        if (!FileKind.TryText(bytes.Span, out var text))
            return bytes;
        var redacted = redactor.Text(null, text);
        return string.Equals(redacted, text, StringComparison.Ordinal) ? bytes : Encoding.UTF8.GetBytes(redacted ?? "");
    }
}
