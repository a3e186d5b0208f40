using System.Text.Json;
using Larder.Content.Pictures;
using Larder.Recordings.Answers;
using Larder.Recordings.Files;

namespace Larder.Recordings.Media;

/// <summary>Pictures in recordings: <c>{"$image": {"$file": "….png", …}, "width": 2, "height": 2, "channels": 3}</c>.</summary>
internal static class ImageForm
{
    public const string Mark = "$image";

    public static void Write(Utf8JsonWriter writer, RecordedImage image)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(Mark);
        // However small, so that a person can look at it.
        var file = PngWriter.Write(image.Width, image.Height, image.Channels, image.Pixels.Span);
        AttachmentDocument.Write(writer, file, FileKind.Png);
        writer.WriteNumber("width", image.Width);
        writer.WriteNumber("height", image.Height);
        writer.WriteNumber("channels", image.Channels);
        writer.WriteEndObject();
    }

    /// <summary>Reads a picture.</summary>
    /// <exception cref="JsonException">It is none, or its file is not the picture that the recording tells of.</exception>
    public static RecordedImage Read(JsonElement document, IAttachmentSource attachments)
    {
        var width = MediaDocument.Number(document, "width");
        var height = MediaDocument.Number(document, "height");
        var channels = MediaDocument.Number(document, "channels");
        var image = MediaDocument.Decode(document, Mark, attachments, PngReader.Read);
        return (image.Width, image.Height, image.Channels) == (width, height, channels)
            ? new RecordedImage(width, height, channels, image.Pixels)
            : throw new JsonException(
                $"The attachment {AttachmentDocument.NameIn(document.GetProperty(Mark))} is a picture of {image.Width} x "
                    + $"{image.Height} x {image.Channels}, and the recording tells of {width} x {height} x {channels}."
            );
    }
}
