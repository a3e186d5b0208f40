namespace Larder.TestKit;

/// <summary>The checkout that the running tests were built from.</summary>
public static class Repository
{
    private const string Marker = "Larder.slnx";

    /// <summary>The absolute path of the directory that holds the solution.</summary>
    /// <remarks>Found from the build output, because a deterministic build rewrites source paths.</remarks>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, Marker)))
            directory = directory.Parent;

        return directory?.FullName
            ?? throw new InvalidOperationException(
                $"No {Marker} in or above {AppContext.BaseDirectory}; run the tests from a checkout."
            );
    }
}
