namespace Larder.Tests;

/// <summary>What this process has open.</summary>
internal static class OpenFiles
{
    /// <summary>Waits until a file is open so often: the one trace of somebody who waits for its lock.</summary>
    public static async Task WaitForAsync(string path, int count)
    {
        while (Count(path) != count)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>How often a file, or one below a directory, is open.</summary>
    public static int Count(string path) =>
        Directory
            .EnumerateFileSystemEntries("/proc/self/fd")
            .Count(descriptor => TryReadLink(descriptor)?.StartsWith(path, StringComparison.Ordinal) == true);

    private static string? TryReadLink(string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return null; // Closed meanwhile.
        }
    }
}
