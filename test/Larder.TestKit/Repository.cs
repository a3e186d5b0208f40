namespace Larder.TestKit;

/// <summary>The checkout that the running tests were built from.</summary>
public static class Repository
{
    private const string Marker = "Larder.slnx";

    /// <summary>The absolute path of the directory that holds the solution.</summary>
    /// <remarks>Found from the build output: a deterministic build rewrites what the compiler knows of source paths.</remarks>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (string? directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, Marker)))
                return directory;
        }

        throw new InvalidOperationException($"No {Marker} in or above {AppContext.BaseDirectory}; run the tests from a checkout.");
    }
}
