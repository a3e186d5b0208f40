using System.Text.Json;
using Larder.Recordings.Answers;
using Larder.Recordings.Files;

namespace Larder.Recordings.Media;

/// <summary>The parts that the documents of pictures and of sound have in common.</summary>
internal static class MediaDocument
{
    /// <summary>The member of a document as a whole number.</summary>
    /// <exception cref="JsonException">There is none.</exception>
    public static int Number(JsonElement document, string name) =>
        document.ValueKind == JsonValueKind.Object
        && document.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var number)
            ? number
            : throw new JsonException($"The recording does not tell the '{name}'.");

    /// <summary>Reads the file that a member names, and tells of what is wrong in it by its name.</summary>
    /// <exception cref="JsonException">It is not a file of that kind.</exception>
    public static T Decode<T>(
        JsonElement document,
        string member,
        IAttachmentSource attachments,
        Func<ReadOnlyMemory<byte>, T> decode
    )
    {
        if (document.ValueKind != JsonValueKind.Object || !document.TryGetProperty(member, out var file))
            throw new JsonException($"The recording does not name the file in '{member}'.");
        var bytes = AttachmentDocument.Read(file, attachments);
        try
        {
            return decode(bytes);
        }
        catch (InvalidDataException e)
        {
            throw new JsonException($"The attachment {AttachmentDocument.NameIn(file)} cannot be read: {e.Message}", e);
        }
    }
}
