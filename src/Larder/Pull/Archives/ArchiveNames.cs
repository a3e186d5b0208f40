namespace Larder.Pull.Archives;

/// <summary>Tells archives by their names.</summary>
/// <remarks>Not by their first bytes: what a reference gives must be known before anything of it was fetched.</remarks>
internal static class ArchiveNames
{
    private static readonly (string Suffix, ArchiveFormat Format)[] Suffixes =
    [
        (".zip", ArchiveFormat.Zip),
        (".tar", ArchiveFormat.Tar),
        (".tar.gz", ArchiveFormat.TarGzip),
        (".tgz", ArchiveFormat.TarGzip),
    ];

    /// <summary>The kind of archive that a name stands for; null for none.</summary>
    public static ArchiveFormat? FormatOf(string name)
    {
        foreach (var (suffix, format) in Suffixes)
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
                return format;
        }
        return null;
    }
}
