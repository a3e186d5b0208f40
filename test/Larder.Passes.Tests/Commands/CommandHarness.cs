using System.Diagnostics;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.TestKit;

namespace Larder.Passes.Commands.Tests;

/// <summary>A directory with a workflow's files, a small model, and places for a run; and the ways to run a command there.</summary>
internal sealed class CommandHarness : IDisposable
{
    private readonly TempDirectory _directory = new();

    public CommandHarness()
    {
        foreach (var name in (string[])["base", "input", "output", "work"])
            Directory.CreateDirectory(_directory[name]);
        File.WriteAllText(Path.Combine(Input, "model.bin"), "weights");
    }

    public string Base => _directory["base"];

    public string Input => _directory["input"];

    public string Output => _directory["output"];

    public string Work => _directory["work"];

    /// <summary>The lines that the command showed.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>Done when the command has shown a line.</summary>
    public TaskCompletionSource Shown { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string this[string name] => _directory[name];

    /// <summary>The files of the small model.</summary>
    public static Manifest Model { get; } = Manifest.Create([new ManifestFile("model.bin", 7, Digest.Of("weights"u8))]);

    /// <summary>A shell script as a command, with further options.</summary>
    public static JsonObject Shell(string script, params (string Name, JsonNode Value)[] options)
    {
        var config = new JsonObject { ["run"] = new JsonArray("sh", "-c", script) };
        foreach (var (name, value) in options)
            config[name] = value;
        return config;
    }

    public StepRequest Request(JsonObject config) => new(config, "$.passes[0].config", Base);

    /// <summary>A file beside the workflow.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Base, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A pipe with a name: to open it is to wait for who opens its other end, to read its end is to wait for all of those to die.</summary>
    public string Pipe(string name)
    {
        using var mkfifo = Process.Start("mkfifo", _directory[name]);
        mkfifo.WaitForExit();
        Assert.Equal(0, mkfifo.ExitCode);
        return _directory[name];
    }

    public string Read(string name) => File.ReadAllText(Path.Combine(Output, name));

    public Task RunAsync(JsonObject config, CancellationToken cancellationToken = default) =>
        RunAsync(new CommandPass().Plan(Request(config)), cancellationToken);

    public Task RunAsync(PassPlan plan, CancellationToken cancellationToken = default) =>
        plan.RunAsync(
            new PassRun
            {
                InputPath = Input,
                Input = Model,
                OutputPath = Output,
                WorkPath = Work,
                Log = line =>
                {
                    Lines.Add(line);
                    Shown.TrySetResult();
                },
            },
            cancellationToken.CanBeCanceled ? cancellationToken : TestContext.Current.CancellationToken
        );

    public async Task<PassException> FailAsync(JsonObject config) =>
        await Assert.ThrowsAsync<PassException>(() => RunAsync(config));

    public Task<IReadOnlyDictionary<string, double>> EvaluateAsync(JsonObject config, string? original = null)
    {
        var plan = new CommandEvaluation().Plan(Request(config));
        Assert.Equal(original is not null, plan.NeedsInput);
        return plan.RunAsync(
            new EvaluationRun
            {
                ModelPath = Input,
                Model = Model,
                InputPath = original,
                WorkPath = Work,
                Log = Lines.Add,
            },
            TestContext.Current.CancellationToken
        );
    }

    public void Dispose() => _directory.Dispose();
}
