using Larder.Content;
using Microsoft.Extensions.Logging;

namespace Larder.Store.Scrub;

/// <summary>Where damaged things go: moved, never copied and never deleted, so that a person can look at them.</summary>
internal sealed class Quarantine(StoreLayout layout, ILogger logger)
{
    /// <summary>Moves away the very thing that was looked at; null when it is gone or another has its name.</summary>
    /// <remarks>
    /// Between look and rename somebody may have put a good one in its place. The look right before the rename makes that
    /// unlikely; that what was moved is looked at again, and put back, makes it harmless. The caller keeps the thing open, so
    /// that its inode is nobody else's.
    /// </remarks>
    public string? Move(string path, in FileStatus expected)
    {
        if (!IsStill(path, expected))
            return null;
        var target = NewPath(path);
        if (!TryRename(path, target))
            return null;
        if (!IsStill(target, expected))
        {
            PutBack(target, path, expected.IsDirectory);
            return null;
        }
        BlockChecksumFile.TryMove(path, target);
        logger.Quarantined(path, target);
        return target;
    }

    /// <summary>Copies a damaged blob, and returns what the checksums of its blocks should be; null when there is none.</summary>
    /// <remarks>Most of it is right: only blocks that are not need be fetched again.</remarks>
    /// <param name="digest">The blob.</param>
    /// <param name="sizeBytes">How long it should be; the copy is.</param>
    /// <param name="path">Where the copy goes, for its writer alone.</param>
    public BlockChecksums? TryCopy(Digest digest, long sizeBytes, string path)
    {
        var name = Path.GetFileName(layout.Blob(digest));
        foreach (var damaged in Directory.EnumerateFiles(layout.Quarantine, $"*-{name}"))
        {
            if (BlockChecksumFile.TryRead(damaged) is not { } checksums || checksums.LengthBytes != sizeBytes)
                continue;
            File.Copy(damaged, path);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            using var copy = File.OpenHandle(path, access: FileAccess.Write);
            RandomAccess.SetLength(copy, sizeBytes);
            return checksums;
        }
        return null;
    }

    /// <summary>Whether a name is still that of the thing that was looked at.</summary>
    public static bool IsStill(string path, in FileStatus expected) =>
        Posix.TryStatus(path, followLinks: false, out var status) && status.IsSameFile(expected);

    private static void PutBack(string target, string path, bool isDirectory)
    {
        if (isDirectory)
        {
            // Where a third one has the name by now, this one is a spare snapshot.
            if (!Posix.TryRenameDirectory(target, path))
                Directory.Delete(target, recursive: true);
            return;
        }
        try
        {
            // Where a third one has the name by now, this one is a second name of the same bytes.
            Posix.TryLink(target, path);
            Posix.Unlink(target);
        }
        catch (IOException failure) when (failure.HResult == Posix.EMLINK)
        {
            Posix.Rename(target, path);
        }
    }

    private string NewPath(string path) =>
        Path.Combine(layout.Quarantine, $"{Guid.NewGuid():n}-{Path.GetFileName(path)}");

    private static bool TryRename(string path, string target)
    {
        try
        {
            Posix.Rename(path, target);
            return true;
        }
        catch (IOException failure) when (failure.HResult == Posix.ENOENT)
        {
            return false;
        }
    }
}
