using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Larder.TestKit;

namespace Larder.IntegrationTests;

/// <summary>A <c>larder</c> process without settings from the environment of the tests; killed when this is disposed.</summary>
internal sealed partial class CommandProcess : IDisposable
{
    private const int SigHup = 1;
    private const int SigInt = 2;
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private CommandProcess(Process process) => _process = process;

    /// <summary>Starts a command in a directory; an environment variable is given as <c>NAME=value</c>.</summary>
    public static CommandProcess Start(
        string directory,
        IEnumerable<string> arguments,
        params IEnumerable<string> environment
    ) => StartProgram(ExecutablePath(), directory, arguments, environment);

    /// <summary>Starts a command that lies elsewhere than where it was built.</summary>
    public static CommandProcess StartProgram(
        string program,
        string directory,
        IEnumerable<string> arguments,
        params IEnumerable<string> environment
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("LARDER", StringComparison.Ordinal))
                .ToList()
        )
            start.Environment.Remove(name);
        foreach (var variable in environment)
            start.Environment[variable.Split('=')[0]] = variable.Split('=', 2)[1];
        return new CommandProcess(Process.Start(start)!);
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public async Task WriteInputAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        _process.StandardInput.Close();
    }

    /// <summary>Reads standard output on to a line that has this in it.</summary>
    public Task<string> ReadOutputToAsync(string part) => ReadToAsync(_process.StandardOutput, _output, part);

    /// <summary>Reads standard error on to a line that has this in it.</summary>
    public Task<string> ReadErrorToAsync(string part) => ReadToAsync(_process.StandardError, _error, part);

    /// <summary>Waits for its end; what was read before is part of what it said.</summary>
    public async Task<CommandResult> EndAsync()
    {
        _process.StandardInput.Close();
        var output = _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        _error.Append(await _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        _output.Append(await output);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CommandResult(_process.ExitCode, _output.ToString(), _error.ToString());
    }

    /// <summary>What Ctrl-C does.</summary>
    public void Interrupt() => Assert.Equal(0, kill(_process.Id, SigInt));

    public void Terminate() => Assert.Equal(0, kill(_process.Id, SigTerm));

    /// <summary>What asks a server to read its configuration.</summary>
    public void HangUp() => Assert.Equal(0, kill(_process.Id, SigHup));

    /// <summary>Ends it between two instructions.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static async Task<string> ReadToAsync(StreamReader reader, StringBuilder read, string part)
    {
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            read.Append(line).Append('\n');
            if (line.Contains(part, StringComparison.Ordinal))
                return line;
        }
        throw new InvalidOperationException($"The command ended before it said '{part}': {read}");
    }

    /// <summary>The command as it was built.</summary>
    public static string ExecutablePath()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return Path.Combine(Repository.Root, "artifacts", "bin", "Larder.Cli", configuration, "larder");
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
