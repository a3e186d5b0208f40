using System.Text.Json;
using Larder.Recordings.Answers;
using Larder.Recordings.Files;

namespace Larder.Recordings.Media;

/// <summary>
/// Sound in recordings: <c>{"$audio": {"$file": "….wav", …}, "samples": "float32", "sampleRate": 16000, "channels": 1,
/// "frames": 512}</c>.
/// </summary>
internal static class AudioForm
{
    public const string Mark = "$audio";

    public static void Write(Utf8JsonWriter writer, RecordedAudio audio)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(Mark);
        // However short, so that a person can listen to it.
        AttachmentDocument.Write(writer, WavFile.Write(audio), FileKind.Wav);
        writer.WriteString("samples", audio.SampleType);
        writer.WriteNumber("sampleRate", audio.SampleRate);
        writer.WriteNumber("channels", audio.Channels);
        writer.WriteNumber("frames", audio.Frames);
        writer.WriteEndObject();
    }

    /// <summary>Reads sound.</summary>
    /// <exception cref="JsonException">It is none, or its file is not the sound that the recording tells of.</exception>
    public static RecordedAudio Read(JsonElement document, IAttachmentSource attachments)
    {
        var rate = MediaDocument.Number(document, "sampleRate");
        var channels = MediaDocument.Number(document, "channels");
        var frames = MediaDocument.Number(document, "frames");
        var type = document.TryGetProperty("samples", out var samples) ? samples.ToString() : "";
        var audio = MediaDocument.Decode(document, Mark, attachments, WavFile.Read);
        return (audio.SampleType, audio.SampleRate, audio.Channels, audio.Frames) == (type, rate, channels, frames)
            ? audio
            : throw new JsonException(
                $"The attachment {AttachmentDocument.NameIn(document.GetProperty(Mark))} is {Shown(audio.SampleType, audio.SampleRate, audio.Channels, audio.Frames)}, "
                    + $"and the recording tells of {Shown(type, rate, channels, frames)}."
            );
    }

    private static string Shown(string type, int rate, int channels, int frames) =>
        $"{frames} samples of {type} in {channels} channels at {rate} Hz";
}
