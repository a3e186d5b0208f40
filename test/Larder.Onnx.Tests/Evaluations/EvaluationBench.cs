using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Passes;
using Larder.TestKit;

namespace Larder.Onnx.Tests.Evaluations;

/// <summary>A directory with models and samples, and the runs of evaluations on them.</summary>
internal sealed class EvaluationBench : IDisposable
{
    private readonly TempDirectory _directory = new();

    public List<string> Lines { get; } = [];

    public static string HousePrices(string version) =>
        Path.Combine(Repository.Root, "samples/models/house-prices", version);

    public static string Sentiment => Path.Combine(Repository.Root, "samples/models/sentiment");

    public void Dispose() => _directory.Dispose();

    /// <summary>A directory with one model.</summary>
    public string Model(byte[] bytes, string name = "model.onnx")
    {
        var directory = Directory.CreateDirectory(_directory[Guid.NewGuid().ToString("N")]).FullName;
        File.WriteAllBytes(Path.Combine(directory, name), bytes);
        return directory;
    }

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory[name])!);
        File.WriteAllText(_directory[name], text);
    }

    public StepRequest Step(string config) =>
        new(JsonNode.Parse(config)!.AsObject(), "$.evaluations[0].config", _directory.Path);

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(
        IEvaluation evaluation,
        string config,
        string model,
        string? input = null
    )
    {
        var plan = evaluation.Plan(Step(config));
        Assert.Equal(plan.NeedsInput, input is not null);
        var run = new EvaluationRun
        {
            ModelPath = model,
            Model = Manifest.Create(
                Directory
                    .EnumerateFiles(model)
                    .Select(file => new ManifestFile(
                        Path.GetFileName(file),
                        new FileInfo(file).Length,
                        Digest.Of(File.ReadAllBytes(file))
                    ))
            ),
            InputPath = input,
            WorkPath = Directory.CreateDirectory(_directory["work"]).FullName,
            Log = Lines.Add,
        };
        return await plan.RunAsync(run, TestContext.Current.CancellationToken);
    }

    public async Task<PassException> FailAsync(
        IEvaluation evaluation,
        string config,
        string model,
        string? input = null
    ) => await Assert.ThrowsAsync<PassException>(() => RunAsync(evaluation, config, model, input));
}
