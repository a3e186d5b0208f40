namespace Larder.Recordings;

/// <summary>Finds source files by the names that the compiler gave them.</summary>
internal static class SourceFiles
{
    // What a deterministic build has in place of the repository's root.
    private const string MappedRoot = "/_/";

    /// <summary>The directory of a source file.</summary>
    /// <param name="file">As <c>[CallerFilePath]</c> names it.</param>
    /// <param name="program">Where the program lies; a mapped name is looked for at and above it.</param>
    public static string DirectoryOf(string file, string program)
    {
        if (!file.StartsWith(MappedRoot, StringComparison.Ordinal) && File.Exists(file))
            return Path.GetDirectoryName(file)!;
        if (file.StartsWith(MappedRoot, StringComparison.Ordinal))
        {
            for (var at = Path.GetFullPath(program); at is not null; at = Path.GetDirectoryName(at))
            {
                var path = Path.Combine(at, file[MappedRoot.Length..]);
                if (File.Exists(path))
                    return Path.GetDirectoryName(path)!;
            }
        }
        throw new RecordingException(
            $"The source file '{file}' is not on this machine, so there is no directory beside it: set RecordingsOptions.Directory."
        );
    }
}
