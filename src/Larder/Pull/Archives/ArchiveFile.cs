using Larder.Origins;
using Larder.Store;

namespace Larder.Pull.Archives;

/// <summary>The archive that a reference names.</summary>
/// <param name="Reference">The reference.</param>
/// <param name="File">Its only file.</param>
/// <param name="Format">What kind of archive it is.</param>
internal sealed record ArchiveFile(ModelReference Reference, OriginFile File, ArchiveFormat Format)
{
    /// <summary>The archive that stands for the files in it; null when a pull is about the listed files themselves.</summary>
    public static ArchiveFile? TryFind(ModelReference reference, OriginListing listing, PullOptions options) =>
        options.Unpack == UnpackMode.Auto
        && ArchiveNames.FormatOf(reference.Text) is { } format
        // A directory may have such a name too; then it is not the name of its files.
        && listing.Files is [var file]
        && Uri.UnescapeDataString(reference.Text).EndsWith($"/{file.Path}", StringComparison.Ordinal)
            ? new ArchiveFile(reference, file, format)
            : null;

    /// <summary>Whether an entry has been unpacked from this very version of it.</summary>
    public bool IsOf(EntrySource source) =>
        source.Archive is { } before
        && before.Path == File.Path
        && (
            before.Digest == File.Digest
            || (File.Digest is null && source.Versions.GetValueOrDefault(File.Path) == File.Version)
        );
}
