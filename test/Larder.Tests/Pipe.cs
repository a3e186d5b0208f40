using System.Diagnostics;

namespace Larder.Tests;

/// <summary>A named pipe: whoever opens it to read waits for one who writes.</summary>
internal static class Pipe
{
    public static void Make(string path)
    {
        using var process = Process.Start("mkfifo", [path])!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"There is no pipe '{path}'.");
    }
}
