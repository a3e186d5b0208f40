using System.Globalization;
using Larder.Content;
using Larder.Store;

namespace Larder.Pull.Targets;

/// <summary>Writes the files of a model into a directory, each in one step: it is the old one or the new one, never a part.</summary>
internal sealed class TargetWriter(string root, bool hardLinks)
{
    public const UnixFileMode Mode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly HashSet<string> _checked = new(StringComparer.Ordinal) { "" };

    /// <summary>Directories that were made.</summary>
    public List<string> Made { get; } = [];

    /// <summary>Writes a file, in place of whatever file has its name.</summary>
    /// <param name="source">A file of the store's with these bytes.</param>
    /// <param name="file">The file.</param>
    /// <returns>What the system says of it now.</returns>
    public FileStatus Write(string source, ManifestFile file)
    {
        var parent = file.Path.LastIndexOf('/') is > 0 and var slash ? file.Path[..slash] : "";
        MakeDirectory(parent);
        var path = Path.Join(root, file.Path);
        var temporary = TemporaryName.In(Path.Join(root, parent));
        try
        {
            if (!hardLinks || !TryLink(source, temporary))
                Copy(source, temporary, file);
            Replace(temporary, path);
        }
        catch
        {
            TemporaryName.TryRemove(temporary);
            throw;
        }
        // A link that takes the place of another link to the same file leaves its own name.
        TemporaryName.TryRemove(temporary);
        Posix.TryStatus(path, followLinks: false, out var status);
        return status;
    }

    /// <summary>Whether a path leads through real directories only; false as well where one is missing.</summary>
    public bool IsBelowRoot(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (
                !Posix.TryStatus(Path.Join(root, path.AsSpan(0, slash)), followLinks: false, out var status)
                || !status.IsDirectory
            )
                return false;
        }
        return true;
    }

    private void MakeDirectory(string relative)
    {
        if (!_checked.Add(relative))
            return;
        if (relative.LastIndexOf('/') is > 0 and var slash)
            MakeDirectory(relative[..slash]);
        var path = Path.Join(root, relative);
        if (!Posix.TryStatus(path, followLinks: false, out var status))
        {
            Directory.CreateDirectory(path);
            Made.Add(relative);
        }
        else if (!status.IsDirectory)
        {
            throw new LayOutException(
                root,
                status.IsLink
                    ? $"'{path}' is a link, and the model has a directory of that name: nothing is written through links, which may lead anywhere. Remove it, or lay out elsewhere."
                    : $"'{path}' is there and no directory, and the model has a directory of that name. Remove it, or lay out elsewhere."
            );
        }
    }

    private static bool TryLink(string source, string path)
    {
        try
        {
            return Posix.TryLink(source, path);
        }
        catch (IOException failure)
            when (failure.HResult is Posix.EXDEV or Posix.EMLINK or Posix.EPERM or Posix.EOPNOTSUPP)
        {
            return false; // Another disk, or a file system without links: then it is a copy.
        }
    }

    private void Copy(string source, string path, ManifestFile file)
    {
        using var from = File.OpenHandle(source);
        using var to = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        if (!Posix.TryReflink(from, to))
        {
            ThrowIfNoRoom(file);
            var (_, digest) = Materializer.CopyBytes(from, to);
            if (digest != file.Digest)
                throw new StoreException(
                    source,
                    $"'{file.Path}' has other bytes in the store than its digest says (they are {digest}), so it was not laid out. Run 'larder verify --repair': it fetches it again."
                );
        }
        File.SetUnixFileMode(to, Mode);
        // Before it has its name: a power cut must not leave a name without its bytes.
        Posix.Sync(to, path);
    }

    private void ThrowIfNoRoom(ManifestFile file)
    {
        var free = new DriveInfo(root).AvailableFreeSpace;
        if (file.SizeBytes > free)
            throw NoRoom(root, file.Path, file.SizeBytes, free);
    }

    public static LayOutException NoRoom(string root, string path, long needed, long free, Exception? inner = null) =>
        new(
            root,
            string.Create(
                CultureInfo.InvariantCulture,
                $"No room in '{root}': '{path}' needs {needed} bytes, {free} are free. What was there of it is untouched; free disk space and lay out again."
            ),
            inner
        );

    private void Replace(string temporary, string path)
    {
        try
        {
            Posix.Rename(temporary, path);
        }
        catch (IOException) when (Directory.Exists(path))
        {
            throw new LayOutException(
                root,
                $"'{path}' is a directory, and the model has a file of that name. Remove it, or lay out elsewhere."
            );
        }
    }
}
