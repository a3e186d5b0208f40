using ModelGenerator.WorkflowModels;

namespace Larder.Onnx.Tests.Passes;

/// <summary>The passes of the sample workflow on its model, one after the other.</summary>
public sealed class WorkflowChainTests : IDisposable
{
    private static readonly (string Pass, string Options)[] Chain =
    [
        ("onnx-optimize", "{}"),
        ("onnx-quantize", "{}"),
        ("onnx-metadata", """{"set":{"made-by":"a workflow"}}"""),
        ("external-data", """{"mode":"split"}"""),
    ];

    private readonly PassWorld _world = new();

    public WorkflowChainTests() => WorkflowModel.Write(_world.Input);

    [Fact]
    public async Task Run_AllPasses_GivesAQuarterOfTheSizeAndNearlyTheSameAnswers()
    {
        var output = await RunChainAsync();

        Assert.Equal(["model.onnx", "model.onnx.data", "tokenizer.json"], PassWorld.FilesIn(output));
        var (before, after) = (PassWorld.ManifestOf(_world.Input).SizeBytes, PassWorld.ManifestOf(output).SizeBytes);
        Assert.InRange(after / (double)before, 0.25, 0.26);
        var expected = await AnswerAsync(_world.Input);
        var actual = await AnswerAsync(output);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -0.03f, 0.03f));
        Assert.Equal(Classes(expected), Classes(actual));
    }

    [Fact]
    public async Task Run_Twice_GivesTheSameBytes()
    {
        var first = await RunChainAsync();
        var second = await RunChainAsync();

        Assert.Equal(PassWorld.ManifestOf(first).Digest, PassWorld.ManifestOf(second).Digest);
    }

    [Fact]
    public async Task Run_Float16InPlaceOfInt8_AnswersNearlyTheSame()
    {
        var optimized = await _world.RunAsync("onnx-optimize");
        var output = await _world.RunAsync("onnx-float16", input: optimized);

        var (expected, actual) = (await AnswerAsync(_world.Input), await AnswerAsync(output));
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -0.01f, 0.01f));
    }

    public void Dispose() => _world.Dispose();

    private async Task<string> RunChainAsync()
    {
        var directory = _world.Input;
        foreach (var (pass, options) in Chain)
            directory = await _world.RunAsync(pass, options, directory);
        return directory;
    }

    private static async Task<float[]> AnswerAsync(string directory)
    {
        var features = NetworkModels.Numbers(7, 32 * WorkflowModel.Features, 1);
        var inputs = new Dictionary<string, Tensor>
        {
            ["features"] = new Tensor<float>(features, 32, WorkflowModel.Features),
        };
        return ((Tensor<float>)(await PassWorld.AnswerAsync(directory, inputs))["probabilities"]).Span.ToArray();
    }

    private static IEnumerable<int> Classes(float[] probabilities) =>
        probabilities.Chunk(WorkflowModel.Classes).Select(row => row.IndexOf(row.Max()));
}
