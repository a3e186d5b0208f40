namespace Larder.Recordings.Files;

/// <summary>Where the attachments of an outcome are read from.</summary>
internal interface IAttachmentSource
{
    /// <summary>The bytes of an attachment, compared with the digest that names it.</summary>
    /// <exception cref="RecordingDamagedException">It is missing or damaged, or the name is none.</exception>
    ReadOnlyMemory<byte> Read(string name);
}
