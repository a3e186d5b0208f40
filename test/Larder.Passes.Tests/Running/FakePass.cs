using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.TestKit;

namespace Larder.Passes.Tests.Running;

/// <summary>A pass whose result is a function of its input's bytes and its options, that counts how often it is run.</summary>
/// <remarks>With an option <c>constant</c> its result is that text, whatever its input is; <c>file</c> names a file of its options.</remarks>
internal sealed class FakePass(string name = "fake") : IPass
{
    private int _runs;

    public string Name => name;

    public int Version { get; set; } = 1;

    public string Summary => "Makes other bytes of bytes.";

    public int Runs => Volatile.Read(ref _runs);

    /// <summary>Passed by every run.</summary>
    public Gate Running { get; } = new();

    /// <summary>Done by every run instead of the usual, if it is set.</summary>
    public Func<PassRun, CancellationToken, Task>? Instead { get; set; }

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public PassPlan Plan(StepRequest step)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        if (step.Config["file"] is { } file)
            files.Add(file.GetValue<string>(), Path.Combine(step.BaseDirectory, file.GetValue<string>()));
        return new PassPlan(
            new StepFacts
            {
                Config = step.Config,
                Environment = Environment,
                Files = files,
            },
            (run, token) => RunAsync(run, step.Config, token)
        );
    }

    /// <summary>What it makes of the bytes of a model of one file.</summary>
    public static byte[] Transform(byte[] input, JsonObject config)
    {
        if (config["constant"] is { } constant)
            return System.Text.Encoding.UTF8.GetBytes(constant.GetValue<string>());
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(CanonicalJson.Serialize(config));
        hash.AppendData(input);
        var seed = hash.GetHashAndReset();
        return TestBytes.Of(2000 + seed[0], BitConverter.ToInt32(seed));
    }

    private async Task RunAsync(PassRun run, JsonObject config, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        await Running.PassAsync(cancellationToken);
        if (Instead is { } instead)
        {
            await instead(run, cancellationToken);
            return;
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(run.OutputPath));
        Assert.Empty(Directory.EnumerateFileSystemEntries(run.WorkPath));
        var input = await File.ReadAllBytesAsync(
            Path.Join(run.InputPath, Assert.Single(run.Input.Files).Path),
            cancellationToken
        );
        await File.WriteAllBytesAsync(
            Path.Join(run.OutputPath, "model.bin"),
            Transform(input, config),
            cancellationToken
        );
    }
}
