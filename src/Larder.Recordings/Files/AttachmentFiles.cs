using Larder.Content;

namespace Larder.Recordings.Files;

/// <summary>The attachments beside a recording; what was read and found right is remembered while its file is untouched.</summary>
/// <param name="recording">The recording's file.</param>
/// <param name="remembered">What was read before.</param>
internal sealed class AttachmentFiles(string recording, RememberedFiles remembered) : IAttachmentSource
{
    public ReadOnlyMemory<byte> Read(string name)
    {
        if (!RecordingLayout.TryDigestOf(name, out var digest))
            throw Damage.Of(recording, $"it names the attachment {Printable.Quote(name)}, which is no such name");
        var file = Path.Join(Path.GetDirectoryName(recording), name);
        if (FileBytes.TryStatus(file, out var status) && remembered.Find<byte[]>(file, status) is { } known)
            return known;
        if (FileBytes.TryRead(file, FileBytes.MostAttachmentBytes, out status) is not { } bytes)
            throw Damage.Of(file, $"it is missing, and the recording '{recording}' needs it");
        if (Digest.Of(bytes) != digest)
            throw RecordingReader.Foreign(bytes.AsSpan(0, Math.Min(bytes.Length, 200)), file)
                ?? Damage.Of(file, "its bytes are not those that its name stands for");
        remembered.Keep(file, status, bytes);
        return bytes;
    }
}
