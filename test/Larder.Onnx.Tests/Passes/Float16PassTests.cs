using Larder.Onnx.Format;
using Larder.Passes;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests.Passes;

public sealed class Float16PassTests : IDisposable
{
    private const int Float = 1;
    private const int Float16 = 10;

    private readonly PassWorld _world = new();

    public static TheoryData<string> Models => [.. NetworkModels.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Run_KeepsIoTypes_AnswersNearlyTheSameInFloat32(string name)
    {
        _world.With(NetworkModels.Of(name));
        var inputs = NetworkModels.InputsOf(name);

        var output = await _world.RunAsync("onnx-float16");

        AssertNear(
            await PassWorld.AnswerAsync(_world.Input, inputs),
            await PassWorld.AnswerAsync(output, inputs),
            TensorElementType.Float32
        );
        Assert.Contains(Tensors(output), tensor => tensor.DataType == Float16);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Run_ChangesIoTypes_AnswersNearlyTheSameInFloat16(string name)
    {
        _world.With(NetworkModels.Of(name));

        var output = await _world.RunAsync("onnx-float16", """{"keep_io_types":false}""");

        AssertNear(
            await PassWorld.AnswerAsync(_world.Input, NetworkModels.InputsOf(name)),
            await PassWorld.AnswerAsync(output, NetworkModels.InputsOf(name, half: true)),
            TensorElementType.Float16
        );
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Run_AfterOptimize_AnswersNearlyTheSame(string name)
    {
        _world.With(NetworkModels.Of(name));
        var inputs = NetworkModels.InputsOf(name);

        var optimized = await _world.RunAsync("onnx-optimize");
        var output = await _world.RunAsync("onnx-float16", input: optimized);

        AssertNear(
            await PassWorld.AnswerAsync(_world.Input, inputs),
            await PassWorld.AnswerAsync(output, inputs),
            TensorElementType.Float32
        );
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Run_Twice_GivesTheSameBytes(string name)
    {
        _world.With(NetworkModels.Of(name));

        var first = await _world.RunAsync("onnx-float16");
        var second = await _world.RunAsync("onnx-float16");

        Assert.Equal(PassWorld.ManifestOf(first).Digest, PassWorld.ManifestOf(second).Digest);
    }

    [Fact]
    public async Task Run_LargeWeights_HalvesTheFile()
    {
        _world.With(NetworkModels.Layers(OnnxTensor.Of("w1", [16, 64], NetworkModels.Numbers(1, 1024, 1f))));
        var before = new FileInfo(Path.Combine(_world.Input, "model.onnx")).Length;

        var output = await _world.RunAsync("onnx-float16");

        Assert.All(Tensors(output), tensor => Assert.NotEqual(Float, tensor.DataType));
        Assert.InRange(new FileInfo(Path.Combine(output, "model.onnx")).Length, before * 0.45, before * 0.65);
    }

    [Fact]
    public async Task Run_KeepOps_LeavesThemAndTheirWeightsInFloat32()
    {
        _world.With(NetworkModels.Of("Layers"));

        var output = await _world.RunAsync("onnx-float16", """{"keep_ops":["Gemm","MatMul"]}""");

        var types = Tensors(output).ToDictionary(tensor => tensor.Name, tensor => tensor.DataType);
        Assert.Equal((Float, Float, Float16), (types["w1"], types["w2"], types["b1"]));
        var gemm = PassWorld.Read(output).Graph.Node.Single(node => node.OpType == "Gemm");
        Assert.Equal(["even_float32", "w2", "b2"], gemm.Input);
    }

    [Fact]
    public async Task Run_WeightOfBothKinds_KeepsBothForms()
    {
        _world.With(NetworkModels.Of("Mixed"));

        var output = await _world.RunAsync("onnx-float16");

        var types = Tensors(output).ToDictionary(tensor => tensor.Name, tensor => tensor.DataType);
        Assert.Equal((Float, Float16), (types["both"], types["both_float16"]));
    }

    [Theory]
    [InlineData("clamp", 65504f)]
    [InlineData("infinity", float.PositiveInfinity)]
    public async Task Run_WeightsTooLargeOrTooSmall_CountsThem(string overflow, float expected)
    {
        _world.With(
            new OnnxWriter("limits")
                .Input("x", OnnxType.Float, 4)
                .Output("y", OnnxType.Float, 4)
                .Weight(OnnxTensor.Of("w", [4], 1e6f, -65519f, 1e-9f, 6e-8f))
                .Node(new OnnxNode("Add", ["x", "w"], ["y"]))
        );

        var output = await _world.RunAsync("onnx-float16", $$"""{"overflow":"{{overflow}}"}""");

        var weights = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, Half>(
            Tensors(output).Single().RawData.Span
        );
        Assert.Equal([(Half)expected, (Half)(-65504f), Half.Zero, Half.Epsilon], weights.ToArray());
        Assert.Equal(2, _world.Log.Count);
        Assert.StartsWith("1 weights were too large", _world.Log[0], StringComparison.Ordinal);
        Assert.StartsWith("1 weights were too small", _world.Log[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WeightsInAnotherFile_KeepsThemOutside()
    {
        var numbers = NetworkModels.Numbers(1, 1024, 0.4f);
        _world
            .With(NetworkModels.Layers(OnnxTensor.External("w1", OnnxType.Float, [16, 64], "w.bin", 8, 4096)))
            .With("w.bin", [.. new byte[8], .. System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan())])
            .With("tokenizer.json", "{}"u8.ToArray());
        var inputs = NetworkModels.InputsOf("Layers");

        var output = await _world.RunAsync("onnx-float16");

        Assert.Equal(["model.onnx", "model.onnx.data", "tokenizer.json"], PassWorld.FilesIn(output));
        Assert.Equal(2048, new FileInfo(Path.Combine(output, "model.onnx.data")).Length);
        AssertNear(
            await PassWorld.AnswerAsync(_world.Input, inputs),
            await PassWorld.AnswerAsync(output, inputs),
            TensorElementType.Float32
        );
    }

    [Fact]
    public async Task Run_GraphInAnOperatorThatStaysFloat32_KeepsWhatGoesInAndOut()
    {
        var body = new OnnxWriter("body")
            .Input("given", OnnxType.Float, 8)
            .Output("taken", OnnxType.Float, 8)
            .Node(new OnnxNode("Add", ["given", "w"], ["taken"]));
        _world.With(
            new OnnxWriter("foreign")
                .Opset("com.acme", 1)
                .Input("x", OnnxType.Float, 8)
                .Output("y", OnnxType.Float, 8)
                .Weight(OnnxTensor.Of("w", [8], NetworkModels.Numbers(1, 8, 1)))
                .Node(
                    new OnnxNode("Search", ["x"], ["y"])
                    {
                        Domain = "com.acme",
                        Attributes = [OnnxAttribute.Graph("decoder", body)],
                    }
                )
        );

        var output = await _world.RunAsync("onnx-float16");

        var search = PassWorld.Read(output).Graph.Node.Single(node => node.OpType == "Search");
        var decoder = search.Attribute.Single().G;
        Assert.Equal(Float, decoder.Input.Single().Type.TensorType.ElemType);
        Assert.Equal(Float, decoder.Output.Single().Type.TensorType.ElemType);
        Assert.Equal(["x"], search.Input);
        Assert.Contains(decoder.Node, node => node.OpType == "Cast" && node.Output[0] == "taken");
    }

    [Fact]
    public async Task Run_WholeNumbersAlready_Refuses()
    {
        _world.With(
            new OnnxWriter("integers")
                .Input("x", OnnxType.UInt8, 2, 2)
                .Output("y", OnnxType.Int32, 2, 2)
                .Weight(OnnxTensor.Of<byte>("w", [2, 2], 1, 2, 3, 4))
                .Node(new OnnxNode("MatMulInteger", ["x", "w"], ["y"]))
        );

        var failure = await _world.FailureOfAsync("onnx-float16");

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.Equal(
            "'model.onnx' computes with whole numbers already (operator MatMulInteger); convert it before it is quantised.",
            failure.Message
        );
    }

    [Fact]
    public async Task Run_LaidOutForThisProcessor_Refuses()
    {
        _world.With(NetworkModels.Of("Convolution"));
        var optimized = await _world.RunAsync("onnx-optimize", """{"level":"all"}""");
        // Some processors have no layout of their own; then nothing is refused.
        if (PassWorld.Read(optimized).Graph.Node.All(node => node.Domain != "com.microsoft.nchwc"))
            Assert.Skip("The runtime lays nothing out for this processor.");

        var failure = await Assert.ThrowsAsync<PassException>(() => _world.RunAsync("onnx-float16", input: optimized));

        Assert.Contains("choose the level 'extended'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_WrongOptions_NamesThemAll() =>
        Assert.Equal(
            [
                "$.passes[0].config.keep_ops: 'Loop' has graphs within it: name the operators in them instead.",
                "$.passes[0].config.keep_ops: An operator has no name: write it, such as 'Softmax'.",
            ],
            PassWorld.FaultsOf("onnx-float16", """{"keep_ops":["Loop",""]}""")
        );

    public void Dispose() => _world.Dispose();

    private static IEnumerable<TensorProto> Tensors(string directory) =>
        Larder.Onnx.Passes.Tensors.In(PassWorld.Read(directory)).Where(tensor => tensor.DataType is Float or Float16);

    private static void AssertNear(
        IReadOnlyDictionary<string, Tensor> expected,
        IReadOnlyDictionary<string, Tensor> actual,
        TensorElementType type
    )
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (name, tensor) in expected)
        {
            if (tensor is not Tensor<float> singles)
            {
                Assert.Equal(tensor.ElementType, actual[name].ElementType);
                continue;
            }
            Assert.Equal(type, actual[name].ElementType);
            var numbers = actual[name] is Tensor<Half> halves
                ? Array.ConvertAll(halves.Span.ToArray(), half => (float)half)
                : ((Tensor<float>)actual[name]).Span.ToArray();
            Assert.Equal(singles.Length, numbers.Length);
            foreach (var (before, after) in singles.Span.ToArray().Zip(numbers))
                Assert.InRange(
                    after,
                    before - (0.01f * (1 + Math.Abs(before))),
                    before + (0.01f * (1 + Math.Abs(before)))
                );
        }
    }
}
