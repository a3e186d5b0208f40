using System.Diagnostics;

namespace Larder.Server.Tests.Telemetry;

/// <summary>Prometheus' own check of what is written for it.</summary>
internal static class Promtool
{
    private const string Program = "/usr/bin/promtool";

    /// <summary>Fails with what it says unless it finds no fault; skips the test where it is not installed.</summary>
    public static async Task CheckAsync(string what, string? path, string? input)
    {
        Assert.SkipUnless(File.Exists(Program), "promtool, of Debian's package prometheus, is not installed.");
        var start = new ProcessStartInfo(Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("check");
        start.ArgumentList.Add(what);
        if (path is not null)
            start.ArgumentList.Add(path);
        using var process = Process.Start(start)!;
        var cancellationToken = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"promtool check {what}: {await output}{await error}");
    }
}
