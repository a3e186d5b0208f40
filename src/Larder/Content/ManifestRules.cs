namespace Larder.Content;

/// <summary>What makes a list of files a manifest, beyond each path by itself.</summary>
internal static class ManifestRules
{
    /// <summary>The largest integer that every reader of JSON numbers holds exactly: 2^53 - 1.</summary>
    public const long MaxSizeBytes = 9_007_199_254_740_991;

    /// <summary>Finds everything that is wrong with a list of files.</summary>
    public static IEnumerable<string> FaultsIn(IReadOnlyList<ManifestFile> files)
    {
        if (files.Count == 0)
            yield return "it has no files, and a model has at least one";

        // Letter case is ignored, so that the files can also be laid out where the file system ignores it.
        var paths = new Dictionary<string, string>(files.Count, StringComparer.OrdinalIgnoreCase);
        // Wider than the sum can be. Not Int128: code with it cannot be compiled ahead of time.
        decimal totalBytes = 0;
        foreach (ManifestFile file in files)
        {
            if (ManifestPath.FaultIn(file.Path) is { } fault)
                yield return $"{Printable.Quote(file.Path)} {fault}";
            if (file.SizeBytes is < 0 or > MaxSizeBytes)
                yield return $"{Printable.Quote(file.Path)} has {file.SizeBytes} bytes; a size is 0 to {MaxSizeBytes}";
            if (!paths.TryAdd(file.Path, file.Path))
                yield return TwinFault(file.Path, paths[file.Path]);
            totalBytes += file.SizeBytes;
        }

        foreach (ManifestFile file in files)
        {
            if (FileAbove(file.Path, paths) is { } above)
                yield return $"{Printable.Quote(above)} is both a file and a directory of {Printable.Quote(file.Path)}";
        }

        // The total is a JSON number as well, in entries and statistics.
        if (totalBytes > MaxSizeBytes)
            yield return $"its files have {totalBytes} bytes in all; the limit is {MaxSizeBytes}";
    }

    private static string TwinFault(string path, string other) =>
        string.Equals(path, other, StringComparison.Ordinal)
            ? $"{Printable.Quote(path)} is listed twice"
            : $"{Printable.Quote(path)} and {Printable.Quote(other)} differ only in letter case";

    private static string? FileAbove(ReadOnlySpan<char> path, Dictionary<string, string> paths)
    {
        var lookup = paths.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int slash = path.LastIndexOf('/'); slash >= 0; slash = path.LastIndexOf('/'))
        {
            path = path[..slash];
            if (lookup.TryGetValue(path, out string? file))
                return file;
        }

        return null;
    }
}
