using Larder.Content;
using Larder.Passes.Keys;
using Larder.Store;

namespace Larder.Passes.Running;

/// <summary>Sees whether a step changed the files that it was to read.</summary>
/// <remarks>
/// They are read-only, but that means nothing to a program that runs as root. By number, size and time: a file of the store has
/// one time for ever. What it finds changed the store takes for damaged from then on, and gets again.
/// </remarks>
internal sealed class InputGuard
{
    private readonly string _path;
    private readonly Dictionary<string, FileStamp> _before;

    public InputGuard(HeldFiles files)
    {
        _path = files.Path;
        _before = StampsIn(_path);
    }

    /// <summary>What was done to the files, in words, and takes away what was added to them; null when nothing was.</summary>
    public string? FindChange()
    {
        var now = StampsIn(_path);
        foreach (var (name, stamp) in _before)
        {
            if (!now.Remove(name, out var present))
                return $"It removed '{Printable.Escape(name)}' of the model that it was to read.";
            if (present != stamp)
                return $"It wrote to '{Printable.Escape(name)}' of the model that it was to read.";
        }
        if (now.Count == 0)
            return null;
        foreach (var name in now.Keys)
            TryRemove(Path.Join(_path, name));
        return $"It wrote '{Printable.Escape(now.Keys.Order(StringComparer.Ordinal).First())}' beside the model that it was to read, and not to its output.";
    }

    private static Dictionary<string, FileStamp> StampsIn(string directory)
    {
        var stamps = new Dictionary<string, FileStamp>(StringComparer.Ordinal);
        Collect(directory, "", stamps);
        return stamps;
    }

    private static void Collect(string directory, string prefix, Dictionary<string, FileStamp> stamps)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(directory))
        {
            if (!Posix.TryStatus(path, followLinks: false, out var status))
                continue;
            var name = prefix + Path.GetFileName(path);
            if (status.IsDirectory)
                Collect(path, $"{name}/", stamps);
            else
                stamps.Add(name, FileStamp.Of(status));
        }
    }

    private static void TryRemove(string path)
    {
        try
        {
            Posix.Unlink(path);
        }
        catch (IOException)
        {
            // The next verification finds it.
        }
    }
}
