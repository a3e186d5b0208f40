namespace Larder.Passes.Commands;

/// <summary>Gives Larder back the rights to what a program left, which may have taken them: a copy of a read-only file is one as well.</summary>
internal static class FileModes
{
    /// <summary>What Larder needs of a file that it takes over.</summary>
    public const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What it needs of a directory, to look into it and to remove it.</summary>
    public const UnixFileMode OwnDirectory = OwnFile | UnixFileMode.UserExecute;

    /// <summary>Adds to the mode of a file or directory what it lacks.</summary>
    public static void Allow(string path, UnixFileMode wanted)
    {
        var mode = File.GetUnixFileMode(path);
        if (!mode.HasFlag(wanted))
            File.SetUnixFileMode(path, mode | wanted);
    }

    /// <summary>Makes a directory one that can be removed with all that is in it; what cannot be had is left as it is.</summary>
    public static void AllowRemoval(string directory)
    {
        try
        {
            Allow(directory, OwnDirectory);
            foreach (var child in new DirectoryInfo(directory).EnumerateDirectories())
            {
                if (child.LinkTarget is null)
                    AllowRemoval(child.FullName);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another user's, or gone; who removes the directory tells what is left.
        }
    }
}
