namespace Larder.Benchmarks;

/// <summary>Where benchmarks find samples and put what they write.</summary>
internal static class Folders
{
    /// <summary>The sample model that predictions are measured with.</summary>
    public static string HousePrices => Path.Combine(Root, "samples", "models", "house-prices", "v1");

    /// <summary>A new directory, which its owner deletes.</summary>
    public static string CreateScratch() => Directory.CreateTempSubdirectory("larder-bench-").FullName;

    // Benchmarks run from a directory below the one that was built, several levels deep.
    private static string Root
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Larder.slnx")))
                    return folder.FullName;
            }
            throw new DirectoryNotFoundException("Run the benchmarks from the repository: Larder.slnx was not found.");
        }
    }
}
