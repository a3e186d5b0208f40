namespace Larder.Pull.Archives;

/// <summary>What an entry of an archive is.</summary>
internal enum ArchiveEntryKind
{
    File,
    Directory,

    /// <summary>Anything that is never unpacked: a link, a device, a pipe, what is encrypted.</summary>
    Other,
}
