using System.Diagnostics;
using System.Globalization;

namespace Larder.Tests;

/// <summary>A process of Larder.TestHost, killed when it is disposed.</summary>
internal sealed class HostProcess : IDisposable
{
    /// <summary>128 and the number of SIGKILL.</summary>
    public const int KilledExitCode = 137;

    private readonly Process _process;

    private HostProcess(Process process) => _process = process;

    /// <summary>Starts the host; an environment variable is given as <c>NAME=value</c>.</summary>
    public static HostProcess Start(string[] arguments, params string[] environment) =>
        StartCommand(ExecutablePath(), arguments, environment);

    /// <summary>Starts the host as the first process of a pid namespace of its own; only root may.</summary>
    /// <remarks>It dies with the process that is killed here, which is not in that namespace.</remarks>
    public static HostProcess StartInNamespace(params string[] arguments) =>
        StartCommand(
            "unshare",
            ["--pid", "--fork", "--mount-proc", "--kill-child", ExecutablePath(), .. arguments],
            environment: []
        );

    private static HostProcess StartCommand(string command, string[] arguments, string[] environment)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in environment)
            start.Environment[variable.Split('=')[0]] = variable.Split('=', 2)[1];
        return new HostProcess(Process.Start(start)!);
    }

    /// <summary>Runs the host to its end and returns its exit code and all that it said, errors included.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string[] arguments, params string[] environment)
    {
        using var host = Start(arguments, environment);
        return await host.EndAsync();
    }

    /// <summary>Reads on to a line that begins so; returns all lines read.</summary>
    public async Task<IReadOnlyList<string>> ReadToAsync(string beginning)
    {
        var lines = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return lines;
        }
        throw new InvalidOperationException(
            $"The host ended before it said '{beginning}': {await _process.StandardError.ReadToEndAsync()}"
        );
    }

    /// <summary>Reads so many lines, fewer when the host has ended before.</summary>
    public async Task<IReadOnlyList<string>> ReadLinesAsync(int count)
    {
        var lines = new List<string>();
        while (
            lines.Count < count
            && await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line
        )
            lines.Add(line);
        return lines;
    }

    /// <summary>Waits for its end and returns its exit code and all that it still said.</summary>
    public async Task<(int ExitCode, string Output)> EndAsync()
    {
        _process.StandardInput.Close();
        var error = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await error;
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (_process.ExitCode, output);
    }

    /// <summary>Sends it a signal, such as <c>STOP</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Kills it with SIGKILL and returns what it had still said; it must have been alive.</summary>
    public async Task<IReadOnlyList<string>> KillAsync()
    {
        _process.Kill();
        var output = await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (_process.ExitCode != KilledExitCode)
            throw new InvalidOperationException(
                $"The host had ended by itself: {await _process.StandardError.ReadToEndAsync()}"
            );
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Kills it unless it has ended by itself, and returns the lines that it had still said.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        var output = await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static string ExecutablePath()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(output.Parent!.Parent!.FullName, "Larder.TestHost", output.Name, "Larder.TestHost");
    }
}
