namespace Larder.Processes;

/// <summary>Finds programs as a shell does.</summary>
internal static class ProgramPath
{
    private const UnixFileMode AnyExecute =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The absolute path of a program; null when there is none that can be run.</summary>
    /// <param name="program">A name to look for, or a path that may begin at the working directory.</param>
    /// <param name="path">The directories to look in, with ':' between them.</param>
    /// <param name="directory">The working directory.</param>
    public static string? Find(string program, string path, string directory)
    {
        if (program.Contains('/', StringComparison.Ordinal))
            return Path.GetFullPath(program, directory) is var full && CanRun(full) ? full : null;
        return path.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(place => Path.GetFullPath(Path.Combine(place, program), directory))
            .FirstOrDefault(CanRun);
    }

    private static bool CanRun(string path) =>
        File.Exists(path) && (File.GetUnixFileMode(path) & AnyExecute) != UnixFileMode.None;
}
