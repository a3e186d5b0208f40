using Larder.Store;

namespace Larder.Pull.Targets;

/// <summary>Names of files that are being written in somebody's directory.</summary>
internal static class TemporaryName
{
    private const string Prefix = ".larder-";
    private const string Suffix = ".part";

    /// <summary>A name that nothing has.</summary>
    public static string In(string directory) => Path.Join(directory, $"{Prefix}{Guid.NewGuid():n}{Suffix}");

    /// <summary>Removes what writers who were killed have left; the caller has the directory to itself.</summary>
    public static void Sweep(string directory)
    {
        if (!Directory.Exists(directory))
            return;
        foreach (var path in Directory.EnumerateFiles(directory, $"{Prefix}*{Suffix}").ToList())
        {
            var name = Path.GetFileName(path)[Prefix.Length..^Suffix.Length];
            if (Guid.TryParseExact(name, "n", out _))
                TryRemove(path);
        }
    }

    /// <summary>Removes one; that it cannot be removed is no failure of whatever else is done.</summary>
    public static void TryRemove(string path)
    {
        try
        {
            Posix.Unlink(path);
        }
        catch (IOException)
        {
            // On a file system that takes no writes, for instance.
        }
    }
}
