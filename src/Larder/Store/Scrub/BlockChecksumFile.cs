namespace Larder.Store.Scrub;

/// <summary>The file beside a blob that holds its block checksums: the blob's name and <c>.crc32c</c>.</summary>
/// <remarks>
/// Nothing depends on it: it is not synced, a store without it works, and what is wrong with it a verification mends from a
/// blob whose digest is right. It goes where its blob goes.
/// </remarks>
internal static class BlockChecksumFile
{
    private const string Suffix = ".crc32c";

    /// <summary>Where the list of a blob lies, stored or staged.</summary>
    public static string PathFor(string blob) => blob + Suffix;

    /// <summary>Whether a path in <c>blobs/</c> is that of a list.</summary>
    public static bool IsOne(string path) => path.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>The blob that a path in <c>blobs/</c> belongs to: that of a list, or the blob itself.</summary>
    public static string BlobOf(string path) => IsOne(path) ? path[..^Suffix.Length] : path;

    /// <summary>The list of a blob; null when it is missing or damaged.</summary>
    public static BlockChecksums? TryRead(string blob)
    {
        try
        {
            return BlockChecksums.TryDecode(File.ReadAllBytes(PathFor(blob)));
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            return null;
        }
    }

    /// <summary>Writes the list of a staged blob; that it cannot be written is no reason for a pull to fail.</summary>
    public static void TryWrite(string blob, BlockChecksums checksums)
    {
        try
        {
            WriteNew(PathFor(blob), checksums);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            // A full disk, most likely, and what is written next says so. Half a list would go where the blob goes.
            Posix.Unlink(PathFor(blob));
        }
    }

    /// <summary>Writes a list to a file that is not there yet.</summary>
    public static void WriteNew(string path, BlockChecksums checksums)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        RandomAccess.Write(file, checksums.Encode(), fileOffset: 0);
        File.SetUnixFileMode(file, StoreLayout.BlobMode);
    }

    /// <summary>Gives the list of one blob to another name of it, if there is one to give and none there.</summary>
    public static void TryLink(string fromBlob, string toBlob, long sizeBytes)
    {
        if (!BlockChecksums.IsFor(sizeBytes))
            return;
        try
        {
            Posix.TryLink(PathFor(fromBlob), PathFor(toBlob));
        }
        catch (IOException)
        {
            // There is none, or it has no links left to give: a verification writes it anew.
        }
    }

    /// <summary>Moves a list after its blob; false when there is one and it stays where it was.</summary>
    public static bool TryMove(string fromBlob, string toBlob)
    {
        try
        {
            Posix.Rename(PathFor(fromBlob), PathFor(toBlob));
            return true;
        }
        catch (IOException failure)
        {
            // Every small blob has none.
            return failure.HResult == Posix.ENOENT;
        }
    }
}
