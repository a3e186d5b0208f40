using System.Diagnostics;

namespace Larder.IntegrationTests;

/// <summary>Programs of others, by which Larder's work is checked.</summary>
internal static class Tool
{
    /// <summary>Skips the test where one of them is missing.</summary>
    public static void SkipUnlessThere(params string[] programs)
    {
        foreach (var program in programs)
            Assert.SkipUnless(
                (Environment.GetEnvironmentVariable("PATH") ?? "")
                    .Split(':')
                    .Any(directory => File.Exists(Path.Combine(directory, program))),
                $"{program} is not installed: eng/prerequisites.sh --test installs it"
            );
    }

    /// <summary>Runs a program to its end, which must be a good one, and returns what it printed.</summary>
    public static async Task<string> RunAsync(string directory, string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = directory,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await error}");
        return output;
    }
}
