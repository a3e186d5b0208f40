using System.Diagnostics;
using System.Globalization;

namespace Measuring;

/// <summary>A command as somebody types it, run as a process again and again.</summary>
public sealed class Invocation(string program, params string[] arguments)
{
    /// <summary>The time of each run, from the start of the process to its end.</summary>
    public Samples Times { get; } = new();

    /// <summary>Variables that it has besides those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs it once, unmeasured.</summary>
    public Task RunOnceAsync() => RunAsync(program, arguments);

    /// <summary>Runs it once, notes the time and returns it in milliseconds.</summary>
    public async Task<double> MeasureAsync()
    {
        var start = Stopwatch.GetTimestamp();
        await RunAsync(program, arguments);
        var time = Stopwatch.GetElapsedTime(start);
        Times.Add(time);
        return time.TotalMilliseconds;
    }

    /// <summary>The most memory that a run had, in MB of 10^6 bytes.</summary>
    /// <remarks>By GNU time: a process counts its parent's memory as its own until it is itself, and that parent is small.</remarks>
    public async Task<double> MemoryAsync(string scratch)
    {
        var file = Path.Combine(scratch, "memory");
        await RunAsync("time", ["-f", "%M", "-o", file, program, .. arguments]);
        return double.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    /// <summary>The system calls of a run that open something or make a socket, a line each.</summary>
    public async Task<string[]> TraceAsync(string scratch)
    {
        var file = Path.Combine(scratch, "trace");
        // Without diagnostics: for them the runtime makes a socket that the trace could not tell from one of ours.
        string[] strace =
        [
            "-f",
            "-qq",
            "-E",
            "DOTNET_EnableDiagnostics=0",
            "-e",
            "trace=open,openat,openat2,socket",
            "-o",
            file,
        ];
        await RunAsync("strace", [.. strace, program, .. arguments]);
        return await File.ReadAllLinesAsync(file);
    }

    private async Task RunAsync(string command, IEnumerable<string> options)
    {
        var start = new ProcessStartInfo(command, options)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{command}' ended with {process.ExitCode}: {error}");
    }
}
