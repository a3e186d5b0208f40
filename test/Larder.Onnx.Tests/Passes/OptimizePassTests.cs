using Larder.Onnx.Native;
using Larder.Passes;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests.Passes;

public sealed class OptimizePassTests : IDisposable
{
    private readonly PassWorld _world = new();

    [Theory]
    [InlineData("basic")]
    [InlineData("extended")]
    [InlineData("all")]
    public async Task Run_ModelWithConstants_HasFewerNodesAndTheSameAnswer(string level)
    {
        _world.With("model.onnx", Models.Foldable()).With("tokenizer.json", "{}"u8.ToArray());
        var inputs = new Dictionary<string, Tensor> { ["x"] = new Tensor<float>(new[] { 1f, -2f, 3f, -4f }, 1, 4) };

        var output = await _world.RunAsync("onnx-optimize", $$"""{"level":"{{level}}"}""");

        Assert.Equal(["model.onnx", "tokenizer.json"], PassWorld.FilesIn(output));
        Assert.True(PassWorld.Read(output).Graph.Node.Count < PassWorld.Read(_world.Input).Graph.Node.Count);
        var expected = (Tensor<float>)(await PassWorld.AnswerAsync(_world.Input, inputs))["y"];
        var actual = (Tensor<float>)(await PassWorld.AnswerAsync(output, inputs))["y"];
        Assert.Equal(expected.Span.ToArray(), actual.Span.ToArray());
    }

    [Fact]
    public async Task Run_Twice_GivesTheSameBytes()
    {
        foreach (var name in NetworkModels.Names)
        {
            _world.With(NetworkModels.Of(name));

            var first = await _world.RunAsync("onnx-optimize");
            var second = await _world.RunAsync("onnx-optimize");

            Assert.Equal(PassWorld.ManifestOf(first).Digest, PassWorld.ManifestOf(second).Digest);
        }
    }

    [Fact]
    public async Task Run_BasicAndExtended_Differ()
    {
        // The runtime's own joined operator is for the second only.
        _world.With(NetworkModels.Of("Convolution"));

        var basic = await _world.RunAsync("onnx-optimize", """{"level":"basic"}""");
        var extended = await _world.RunAsync("onnx-optimize", """{"level":"extended"}""");

        Assert.DoesNotContain(PassWorld.Read(basic).Graph.Node, node => node.Domain == "com.microsoft");
        Assert.Contains(PassWorld.Read(extended).Graph.Node, node => node.OpType == "FusedConv");
    }

    [Fact]
    public async Task Run_WeightsInAnotherFile_WritesThemToOneOfItsOwn()
    {
        _world.With("model.onnx", Models.FoldableWithExternalData("old.bin", out var data)).With("old.bin", data);
        var inputs = new Dictionary<string, Tensor> { ["x"] = new Tensor<float>(new[] { 1f, -2f, 3f, -4f }, 1, 4) };

        var output = await _world.RunAsync("onnx-optimize");

        Assert.Equal(["model.onnx", "model.onnx.data"], PassWorld.FilesIn(output));
        Assert.Single(await PassWorld.AnswerAsync(output, inputs));
    }

    [Fact]
    public async Task Run_OperatorThatThereIsNot_IsPermanent()
    {
        _world.With(
            new OnnxWriter("unknown")
                .Input("x", OnnxType.Float, 1)
                .Output("y", OnnxType.Float, 1)
                .Node(new OnnxNode("NoSuchOperator", ["x"], ["y"]))
        );

        var failure = await _world.FailureOfAsync("onnx-optimize");

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.Contains("NoSuchOperator", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_Levels_DependOnTheProcessorForAllOnly()
    {
        var extended = PassWorld.Plan("onnx-optimize").Facts;
        var all = PassWorld.Plan("onnx-optimize", """{"level":"all"}""").Facts;

        Assert.Equal("extended", extended.Config["level"]!.GetValue<string>());
        Assert.Equal(["onnxruntime", "onnxruntime_build", "provider"], extended.Environment.Keys.Order());
        Assert.Equal(OrtRuntime.Get(null).Api.LibraryVersion, extended.Environment["onnxruntime"]);
        Assert.Equal(
            ["architecture", "cpu", "onnxruntime", "onnxruntime_build", "provider"],
            all.Environment.Keys.Order()
        );
        Assert.Contains("sse", all.Environment["cpu"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"level":"most"}""", "$.passes[0].config.level: \"most\" is no value of basic, extended, all.")]
    [InlineData("""{"level":2}""", "$.passes[0].config.level: 2 is no value of basic, extended, all.")]
    [InlineData("""{"levle":"all"}""", "$.passes[0].config.levle: There is no such option. Did you mean 'level'?")]
    public void Plan_WrongOption_SaysSo(string options, string expected) =>
        Assert.Equal([expected], PassWorld.FaultsOf("onnx-optimize", options));

    public void Dispose() => _world.Dispose();
}
