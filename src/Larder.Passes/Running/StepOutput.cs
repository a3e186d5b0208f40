using Larder.Content;
using Larder.Passes.Commands;
using Larder.Store;

namespace Larder.Passes.Running;

/// <summary>What a step has written, made such that it can be kept: plain files of its own, at least one.</summary>
internal sealed class StepOutput
{
    private readonly string _root;
    private readonly Dictionary<(ulong Device, ulong Inode), string> _files = [];
    private readonly List<string> _names = [];
    private readonly List<string> _links = [];

    private StepOutput(string root) => _root = root;

    /// <summary>Checks and mends what is in a directory; where it is right already, nothing is done.</summary>
    /// <returns>The files, relative to the directory.</returns>
    /// <exception cref="PassException">There is no file, or something that is none.</exception>
    public static IReadOnlyList<string> Settle(string root)
    {
        var output = new StepOutput(root);
        output.Look(root);
        // By their files and not by their names, which may lead there on a way of their own.
        foreach (var link in output._links)
            output.Replace(link);
        return output._names.Count > 0
            ? output._names
            : throw new PassException(
                PassFailure.Permanent,
                "It wrote no file to its output directory, which is all that is kept of what it writes."
            );
    }

    private void Look(string directory)
    {
        File.SetUnixFileMode(directory, FileModes.OwnDirectory);
        foreach (var path in Directory.GetFileSystemEntries(directory))
        {
            if (!Posix.TryStatus(path, followLinks: false, out var status))
                throw new PassException(
                    PassFailure.Transient,
                    $"'{NameOf(path)}' of its output went while it was looked at: something of it still runs."
                );
            if (status.IsDirectory)
                Look(path);
            else if (status.IsLink)
                _links.Add(path);
            else if (status.IsFile)
            {
                if (status.Links > 1)
                    Separate(path);
                Add(path);
            }
            else
                throw new PassException(
                    PassFailure.Permanent,
                    $"'{NameOf(path)}' of its output is neither a file nor a directory."
                );
        }
    }

    private void Replace(string link)
    {
        var file =
            FileBehind(link)
            ?? throw new PassException(
                PassFailure.Permanent,
                $"'{NameOf(link)}' of its output is a symbolic link to something that is no file of its output. Write the file itself ('cp -L')."
            );
        File.Delete(link);
        File.Copy(file, link);
        // Another link may lead over this name.
        Add(link);
    }

    // Another name of the same bytes, of its input's perhaps: what is kept is nobody else's.
    private static void Separate(string path)
    {
        var copy = Path.Join(Path.GetDirectoryName(path), Guid.NewGuid().ToString("n"));
        File.Copy(path, copy);
        Posix.Rename(copy, path);
    }

    private string? FileBehind(string link)
    {
        try
        {
            return Posix.TryStatus(link, followLinks: true, out var target)
                ? _files.GetValueOrDefault((target.Device, target.Inode))
                : null;
        }
        catch (IOException)
        {
            // It leads round in a circle, or to where nobody may look.
            return null;
        }
    }

    private void Add(string path)
    {
        File.SetUnixFileMode(path, FileModes.OwnFile);
        if (Posix.TryStatus(path, followLinks: false, out var status))
            _files.TryAdd((status.Device, status.Inode), path);
        _names.Add(Path.GetRelativePath(_root, path));
    }

    private string NameOf(string path) => Printable.Escape(Path.GetRelativePath(_root, path));
}
