using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Larder.TestKit;
using Larder.Workers.Processes;

namespace Larder.Workers.Tests;

/// <summary>A directory for workers that run <c>worker.py</c>, and a look at what is left of them.</summary>
internal sealed class WorkerHarness : IDisposable
{
    private readonly TempDirectory _directory = new();

    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    // The system's, where it has one: others may be behind a script that looks for them each time.
    public static string Python { get; } = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    public static string Script { get; } = Path.Combine(AppContext.BaseDirectory, "worker.py");

    public RecordingLoggerFactory Log { get; } = new();

    public string this[string name] => _directory[name];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A worker that says at its start what the variable tells it to.</summary>
    public static WorkerProgram Program(params (string Name, string Value)[] environment) =>
        new([Python, Script])
        {
            Environment = environment.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal),
        };

    /// <summary>Inputs, such as <c>("do", "echo")</c>.</summary>
    public static JsonElement Inputs(params (string Name, object Value)[] inputs) =>
        JsonSerializer.SerializeToElement(
            inputs.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal)
        );

    /// <summary>Whether a process is there and not a dead one that nobody has collected.</summary>
    public static bool IsThere(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The directories of workers that are there.</summary>
    public IEnumerable<string> WorkDirectories() => Directory.EnumerateDirectories(_directory.Path, "larder-worker-*");

    /// <summary>A pipe with a name: to open it is to wait for who opens its other end, to read its end is to wait for all of those to die.</summary>
    public string Pipe(string name)
    {
        using var mkfifo = Process.Start("mkfifo", _directory[name]);
        mkfifo.WaitForExit();
        Assert.Equal(0, mkfifo.ExitCode);
        return _directory[name];
    }

    /// <summary>Reads from a pipe what workers say.</summary>
    public static Task<StreamReader> ListenAsync(string pipe) =>
        Task.Run(() => new StreamReader(pipe), Token).WaitAsync(Patience, Token);

    /// <summary>Lets a worker go on that waits at a pipe.</summary>
    public static Task OpenGateAsync(string pipe) =>
        Task.Run(() => File.OpenHandle(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose(), Token)
            .WaitAsync(Patience, Token);

    public static async Task AssertAllDeadAsync(StreamReader alive) =>
        Assert.Equal("", await alive.ReadToEndAsync(Token).WaitAsync(Patience, Token));

    public WorkerStart Start(WorkerProgram program) =>
        new(program, _directory.Path, "file:///models/test/", TimeProvider.System, Log)
        {
            ScratchPath = _directory.Path,
        };

    public Task<WorkerPool> StartAsync(WorkerProgram program) =>
        WorkerPool.StartAsync(Start(program), files: null, Token).WaitAsync(Patience, Token);

    public void Dispose() => _directory.Dispose();
}
