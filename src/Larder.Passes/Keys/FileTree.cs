using Larder.Store;

namespace Larder.Passes.Keys;

/// <summary>Lists the files that a path means: itself, or all that are in it.</summary>
/// <remarks>Links are followed, as what reads the options will follow them; a loop of them is refused.</remarks>
internal static class FileTree
{
    private const int MaxFiles = 100_000;

    /// <summary>The files, and whether they are those of a directory.</summary>
    /// <exception cref="InvalidDataException">It is not there, or cannot be a part of a key: a whole sentence.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static (bool IsDirectory, IReadOnlyList<TreeFile> Files) Walk(
        string path,
        CancellationToken cancellationToken
    )
    {
        if (!TryStatus(path, out var status))
            throw new InvalidDataException(
                Posix.Exists(path) ? $"'{path}' is a link to nothing." : $"'{path}' is not there."
            );
        if (status.IsFile)
            return (false, [new TreeFile("", path, FileStamp.Of(status))]);
        if (!status.IsDirectory)
            throw Special(path);
        var files = new List<TreeFile>();
        Walk(path, "", [(status.Device, status.Inode)], files, cancellationToken);
        return files.Count > 0 ? (true, files) : throw new InvalidDataException($"The directory '{path}' has no file.");
    }

    private static void Walk(
        string directory,
        string prefix,
        HashSet<(ulong Device, ulong Inode)> above,
        List<TreeFile> files,
        CancellationToken cancellationToken
    )
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(directory))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = prefix + Path.GetFileName(path);
            if (!TryStatus(path, out var status))
                throw new InvalidDataException($"'{path}' is a link to nothing, or went while its directory was read.");
            if (status.IsDirectory)
            {
                if (!above.Add((status.Device, status.Inode)))
                    throw new InvalidDataException(
                        $"'{path}' leads back to a directory above it, so that there is no end of files. Remove that link."
                    );
                Walk(path, $"{name}/", above, files, cancellationToken);
                above.Remove((status.Device, status.Inode));
            }
            else if (status.IsFile)
            {
                files.Add(new TreeFile(name, path, FileStamp.Of(status)));
                if (files.Count > MaxFiles)
                    throw new InvalidDataException(
                        $"There are more than {MaxFiles} files in it. Name the directory or the files that count."
                    );
            }
            else
                throw Special(path);
        }
    }

    // A link to itself, or a name that is too long.
    private static bool TryStatus(string path, out FileStatus status)
    {
        try
        {
            return Posix.TryStatus(path, out status);
        }
        catch (IOException odd)
        {
            throw new InvalidDataException($"'{path}' leads nowhere: {odd.Message}", odd);
        }
    }

    private static InvalidDataException Special(string path) =>
        new($"'{path}' is neither a file nor a directory: what is read from it cannot be a part of a key.");
}
