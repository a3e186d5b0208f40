using Larder.Content;
using Larder.Pull;
using Larder.Store;

namespace Larder.Passes.Commands;

/// <summary>Checks what a program left as its result.</summary>
internal sealed class ResultFiles
{
    private const int FilesNamed = 5;

    private readonly string _root;
    private readonly Dictionary<(ulong Device, ulong Inode), string> _files = [];
    private readonly List<string> _paths = [];
    private readonly List<string> _links = [];

    private ResultFiles(string root) => _root = root;

    /// <summary>Checks that there are plain files, and those that were declared; links among them become files.</summary>
    /// <exception cref="PassException">There is nothing, something is missing, or something is there that no model has.</exception>
    public static void Check(string directory, IReadOnlyList<string> outputs)
    {
        var found = new ResultFiles(directory);
        found.Look(directory);
        // By their files and not by their names, which may lead there on a way of their own.
        foreach (var link in found._links)
            found.Replace(link);
        found.FindMissing(outputs);
    }

    private void Look(string directory)
    {
        FileModes.Allow(directory, FileModes.OwnDirectory);
        foreach (var path in Directory.EnumerateFileSystemEntries(directory))
        {
            if (!Posix.TryStatus(path, followLinks: false, out var status))
                continue;
            if (status.IsDirectory)
                Look(path);
            else if (status.IsLink)
                _links.Add(path);
            else if (status.IsFile)
            {
                if (status.Links > 1)
                    Separate(path);
                FileModes.Allow(path, FileModes.OwnFile);
                Add(path);
            }
            else
                throw Refused(
                    $"{Printable.Quote(NameOf(path))} is neither a file nor a directory, and no part of a model."
                );
        }
    }

    private void Replace(string link)
    {
        if (FileBehind(link) is not { } file)
            throw Refused(
                $"{Printable.Quote(NameOf(link))} is a link to {Printable.Quote(new FileInfo(link).LinkTarget ?? "")}, which is no file of the result. Copy the file instead ('cp -L')."
            );
        File.Delete(link);
        File.Copy(file, link);
        // Another link may lead over this name.
        Add(link);
    }

    // Another name of the file may be one of the input, which is the store's: what is done to a new file must not be done to that.
    private static void Separate(string path)
    {
        var copy = $"{path}.{Guid.NewGuid():N}";
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
        if (Posix.TryStatus(path, followLinks: false, out var status))
            _files.TryAdd((status.Device, status.Inode), path);
        _paths.Add(NameOf(path));
    }

    private void FindMissing(IReadOnlyList<string> outputs)
    {
        if (_paths.Count == 0)
            throw Refused("It wrote no file. The new model goes to {output}, which is also in $LARDER_OUTPUT.");
        var missing = outputs
            .Where(pattern => Glob.Parse(pattern) is var glob && !_paths.Exists(glob.Matches))
            .Select(Printable.Quote)
            .ToList();
        if (missing.Count == 0)
            return;
        var named = string.Join(", ", _paths.Order(StringComparer.Ordinal).Take(FilesNamed).Select(Printable.Quote));
        var more = _paths.Count > FilesNamed ? ", …" : "";
        throw Refused($"Declared outputs are missing: {string.Join(", ", missing)}. It wrote {named}{more}.");
    }

    private string NameOf(string path) => Path.GetRelativePath(_root, path);

    private static PassException Refused(string what) =>
        new(PassFailure.Permanent, $"The command ended well, but its result is refused. {what}");
}
