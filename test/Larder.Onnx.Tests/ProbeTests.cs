using System.Diagnostics;
using Larder.TestKit;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests;

/// <summary>Runs a model in a process of its own, with nothing in the environment but where to put files.</summary>
public sealed class ProbeTests : IDisposable
{
    private const string Program = "Larder.Onnx.Probe";

    private readonly TempDirectory _directory = new();

    public ProbeTests() => File.WriteAllBytes(_directory["model.onnx"], Models.Identity(OnnxType.Float));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Run_LeavesNoFileThreadOrSocketOfTheRuntime()
    {
        var (output, _) = await RunAsync(AppContext.BaseDirectory, _directory["model.onnx"]);

        Assert.Equal("done", output.Trim());
        Assert.Empty(Files());
    }

    /// <summary>
    /// Shows that the test above can fail: without the guard the runtime does what the guard is there to prevent.
    /// </summary>
    [Fact]
    public async Task Run_WithoutTheGuard_LeavesFilesAndAThread()
    {
        var (output, _) = await RunAsync(AppContext.BaseDirectory, _directory["model.onnx"], "telemetry");

        Assert.Contains("thread ", output, StringComparison.Ordinal);
        Assert.Contains("onnxruntime.db", Files(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Run_LibraryIsNotBesideTheProgram_TellsThePlacesTried()
    {
        var program = Directory.CreateDirectory(_directory["program"]).FullName;
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.*"))
        {
            if (Path.GetFileName(file) is var name && !name.StartsWith("libonnxruntime", StringComparison.Ordinal))
                File.Copy(file, Path.Combine(program, name));
        }

        var (_, error) = await RunAsync(program, _directory["model.onnx"]);

        Assert.Contains(nameof(OnnxRuntimeMissingException), error, StringComparison.Ordinal);
        Assert.Contains($"{program}/libonnxruntime.so.1 (no such file)", error, StringComparison.Ordinal);
        Assert.Contains("libonnxruntime.so.1 (not on the library path)", error, StringComparison.Ordinal);
    }

    private async Task<(string Output, string Error)> RunAsync(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(program, Program), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(
            "../../..",
            Path.GetDirectoryName(typeof(object).Assembly.Location)!
        );
        // .NET's own sockets and files for debuggers are not what is asked for here.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var name in new[] { "HOME", "XDG_CACHE_HOME", "TMPDIR" })
            start.Environment[name] = Directory.CreateDirectory(_directory[Path.Combine("files", name)]).FullName;

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (output, await error);
    }

    private IEnumerable<string> Files() =>
        Directory
            .EnumerateFiles(_directory["files"], "*", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(file));
}
