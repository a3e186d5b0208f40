using System.Text.Json;
using Larder.Recordings.Files;

namespace Larder.Recordings.Answers;

/// <summary>What stands in a recording for bytes beside it: <c>{"$file": "….png", "bytes": 4711}</c>.</summary>
internal static class AttachmentDocument
{
    public const string FileMember = "$file";
    public const string BytesMember = "bytes";

    /// <summary>Adds an attachment to what is being written, and names it.</summary>
    public static void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> bytes, string extension)
    {
        writer.WriteStartObject();
        writer.WriteString(FileMember, AttachmentScope.ToWrite.Add(bytes, extension));
        writer.WriteNumber(BytesMember, bytes.Length);
        writer.WriteEndObject();
    }

    /// <summary>The bytes of the attachment that a document names.</summary>
    /// <exception cref="JsonException">It names none, or one of another size.</exception>
    public static ReadOnlyMemory<byte> Read(JsonElement document, IAttachmentSource attachments)
    {
        var name = NameIn(document);
        if (!document.TryGetProperty(BytesMember, out var size) || !size.TryGetInt64(out var expected))
            throw new JsonException($"The recording does not tell the '{BytesMember}' of the attachment {name}.");
        var bytes = attachments.Read(name);
        return bytes.Length == expected
            ? bytes
            : throw new JsonException(
                $"The attachment {name} has {bytes.Length} bytes, and the recording says {expected}."
            );
    }

    /// <summary>The name of the attachment.</summary>
    /// <exception cref="JsonException">There is none.</exception>
    public static string NameIn(JsonElement document) =>
        document.ValueKind == JsonValueKind.Object
        && document.TryGetProperty(FileMember, out var name)
        && name.ValueKind == JsonValueKind.String
            ? name.GetString()!
            : throw new JsonException(
                $"An attachment is an object with '{FileMember}', its name, and '{BytesMember}', its size."
            );
}
