using System.Diagnostics;

namespace Larder.Recordings.Tests.Files;

/// <summary>A process of Larder.TestHost that records; killed when it is disposed.</summary>
internal sealed class RecorderProcess : IDisposable
{
    /// <summary>128 and the number of SIGKILL.</summary>
    public const int KilledExitCode = 137;

    private const string Nobody = "65534";

    private readonly Process _process;

    private RecorderProcess(Process process) => _process = process;

    /// <summary>Starts one in a directory of recordings.</summary>
    public static RecorderProcess Start(string directory, params string[] arguments) =>
        Launch(ExecutablePath(), ["record", directory, .. arguments]);

    /// <summary>Starts one as a user who is nobody, and whom modes of files bind; only root may.</summary>
    public static RecorderProcess StartAsNobody(string directory, params string[] arguments) =>
        Launch(
            "setpriv",
            [
                "--reuid",
                Nobody,
                "--regid",
                Nobody,
                "--clear-groups",
                ExecutablePath(),
                "record",
                directory,
                .. arguments,
            ]
        );

    /// <summary>Starts one that is a part of a run of all tests.</summary>
    public static RecorderProcess StartInRun(string run, string directory, params string[] arguments) =>
        Launch(ExecutablePath(), ["record", directory, .. arguments], ("LARDER_RECORDINGS_RUN", run));

    /// <summary>Reads on to a line that begins so.</summary>
    public async Task<string> ReadToAsync(string beginning)
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return line;
        }
        throw new InvalidOperationException(
            $"It ended before it said '{beginning}': {await _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}"
        );
    }

    /// <summary>Waits for its end and returns its exit code and all that it still said.</summary>
    public async Task<(int ExitCode, string Output)> EndAsync()
    {
        var error = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await error;
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (_process.ExitCode, output);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static RecorderProcess Launch(
        string program,
        string[] arguments,
        params (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("LARDER_RECORDINGS_RUN");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new RecorderProcess(Process.Start(start)!);
    }

    private static string ExecutablePath()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(output.Parent!.Parent!.FullName, "Larder.TestHost", output.Name, "Larder.TestHost");
    }
}
