using Larder.Content;
using Larder.Store;

namespace Larder.Passes.Running;

/// <summary>What a step has written, made such that it can be kept: plain files of its own, at least one.</summary>
internal static class StepOutput
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>Checks and mends what is in a directory.</summary>
    /// <exception cref="PassException">There is no file, or something that is none.</exception>
    public static void Settle(string root)
    {
        if (!Settle(root, root))
            throw new PassException(
                PassFailure.Permanent,
                "It wrote no file to its output directory, which is all that is kept of what it writes."
            );
    }

    /// <summary>Makes a directory such that it can be removed, whatever modes were set in it.</summary>
    public static void MakeRemovable(string root)
    {
        try
        {
            File.SetUnixFileMode(root, DirectoryMode);
            foreach (var path in Directory.EnumerateDirectories(root))
            {
                if (Posix.TryStatus(path, followLinks: false, out var status) && status.IsDirectory)
                    MakeRemovable(path);
            }
        }
        catch (Exception refused) when (StoreFailure.Covers(refused))
        {
            // A sweep tries again.
        }
    }

    private static bool Settle(string root, string directory)
    {
        File.SetUnixFileMode(directory, DirectoryMode);
        var hasFile = false;
        foreach (var path in Directory.GetFileSystemEntries(directory))
        {
            var name = Printable.Escape(Path.GetRelativePath(root, path));
            if (!Posix.TryStatus(path, followLinks: false, out var status))
                throw new PassException(
                    PassFailure.Transient,
                    $"'{name}' of its output went while it was looked at: something of it still runs."
                );
            if (status.IsDirectory)
            {
                hasFile |= Settle(root, path);
                continue;
            }
            if (status.IsLink)
                Replace(path, TargetOf(root, path, name));
            else if (!status.IsFile)
                throw new PassException(
                    PassFailure.Permanent,
                    $"'{name}' of its output is neither a file nor a directory."
                );
            else if (status.Links > 1)
                // Another name of the same bytes, of its input's perhaps: what is kept is nobody else's.
                Replace(path, path);
            File.SetUnixFileMode(path, FileMode);
            hasFile = true;
        }
        return hasFile;
    }

    private static string TargetOf(string root, string path, string name)
    {
        var target = TryResolve(path);
        if (
            target?.StartsWith(root + "/", StringComparison.Ordinal) == true
            && Posix.TryStatus(target, followLinks: false, out var status)
            && status.IsFile
        )
            return target;
        throw new PassException(
            PassFailure.Permanent,
            $"'{name}' of its output is a symbolic link to something that is no file of its output. Write the file itself."
        );
    }

    private static string? TryResolve(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Replace(string path, string source)
    {
        var copy = Path.Join(Path.GetDirectoryName(path), Guid.NewGuid().ToString("n"));
        File.Copy(source, copy);
        Posix.Rename(copy, path);
    }
}
