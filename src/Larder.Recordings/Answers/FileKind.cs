using System.Text;

namespace Larder.Recordings.Answers;

/// <summary>The ending of the name of a file by what it begins with, so that a viewer shows it.</summary>
internal static class FileKind
{
    public const string Png = "png";
    public const string Wav = "wav";
    public const string Unknown = "bin";

    /// <summary>The ending, without a dot; <c>bin</c> where nothing is known of the bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) =>
        bytes switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png,
            [0xFF, 0xD8, 0xFF, ..] => "jpg",
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => "gif",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] =>
                "webp",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'A', (byte)'V', (byte)'E', ..] =>
                Wav,
            [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => "ogg",
            [(byte)'f', (byte)'L', (byte)'a', (byte)'C', ..] => "flac",
            [(byte)'I', (byte)'D', (byte)'3', ..] => "mp3",
            // A frame of MPEG audio: eleven bits set, a version and a layer that exist.
            [0xFF, (0xFB or 0xFA or 0xF3 or 0xF2 or 0xE3 or 0xE2), ..] => "mp3",
            [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] => "npy",
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => "pdf",
            [(byte)'P', (byte)'K', 3, 4, ..] => "zip",
            _ => TextKind(bytes),
        };

    // Logs, JSON and prompts are read in a review, too.
    private static string TextKind(ReadOnlySpan<byte> bytes) => TryText(bytes, out _) ? "txt" : Unknown;

    /// <summary>The text that the bytes are, without characters that control a terminal; else false.</summary>
    public static bool TryText(ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        if (bytes.IsEmpty || bytes.ContainsAnyInRange((byte)0, (byte)8) || bytes.ContainsAnyInRange((byte)14, (byte)31))
            return false;
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
            return false;
        text = Encoding.UTF8.GetString(bytes);
        return true;
    }
}
