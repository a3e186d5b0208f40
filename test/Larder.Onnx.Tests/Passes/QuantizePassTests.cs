using System.Runtime.InteropServices;
using Larder.Onnx.Format;
using Larder.Passes;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests.Passes;

public sealed class QuantizePassTests : IDisposable
{
    private const string All = """{"min_elements":1}""";

    private readonly PassWorld _world = new();

    public static TheoryData<string> Models => [.. NetworkModels.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Run_AnyModel_AnswersNearlyTheSame(string name)
    {
        _world.With(NetworkModels.Of(name));
        var inputs = NetworkModels.InputsOf(name);

        var output = await _world.RunAsync("onnx-quantize", All);

        var expected = await PassWorld.AnswerAsync(_world.Input, inputs);
        var actual = await PassWorld.AnswerAsync(output, inputs);
        foreach (var (key, before) in expected.Where(answer => answer.Value is Tensor<float>))
        {
            var pairs = ((Tensor<float>)before).Span.ToArray().Zip(((Tensor<float>)actual[key]).Span.ToArray());
            Assert.All(
                pairs,
                pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.03 + Math.Abs(pair.First * 0.05))
            );
        }
    }

    [Theory]
    [InlineData("Layers", "w1", 1)]
    [InlineData("Layers", "w2", 0)]
    [InlineData("Convolution", "kernel", 0)]
    [InlineData("Convolution", "up", 1)]
    [InlineData("Branches", "inner", 1)]
    [InlineData("Loop", "turn", 1)]
    public async Task Run_WeightOfAnOperator_IsWithinHalfAScalePerChannel(string model, string weight, int axis)
    {
        _world.With(NetworkModels.Of(model));

        var output = await _world.RunAsync("onnx-quantize", All);

        var before = Weights(_world.Input)[weight];
        var after = Weights(output);
        var (quantized, scale) = (after[$"{weight}_quantized"], after[$"{weight}_scale"]);
        Assert.Equal(before.Dims[axis], Assert.Single(scale.Dims));
        var node = Nodes(output).Single(node => node.Output[0] == weight);
        Assert.Equal(("DequantizeLinear", axis), (node.OpType, node.Attribute.Single(a => a.Name == "axis").I));
        var inner = before.Dims.Skip(axis + 1).Aggregate(1L, (product, size) => product * size);
        var scales = Numbers<float>(scale);
        var (floats, bytes) = (Numbers<float>(before), Numbers<sbyte>(quantized));
        Assert.Equal(floats.Length, bytes.Length);
        for (var i = 0; i < floats.Length; i++)
        {
            var s = (double)scales[i / inner % scales.Length];
            Assert.InRange(Math.Abs(floats[i] - (bytes[i] * s)), 0, s / 2 * (1 + 1e-12));
        }
    }

    [Fact]
    public async Task Run_ClosestAxis_TakesTheOneWhoseChannelsDiffer()
    {
        // Rows of very different sizes, which the columns, that the operator suggests, mix.
        var numbers = NetworkModels.Numbers(3, 128 * 128, 1);
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] *= MathF.Pow(2, -(i / 128 % 16));
        _world.With(Product(OnnxTensor.Of("w", [128, 128], numbers)));

        var (suggested, closest) = (
            await _world.RunAsync("onnx-quantize"),
            await _world.RunAsync("onnx-quantize", """{"axis":"closest"}""")
        );

        Assert.Equal((1, 0), (Axis(suggested), Axis(closest)));
        Assert.InRange(Off(closest), 0, 0.6 * Off(suggested));
        Assert.Single(
            await PassWorld.AnswerAsync(
                closest,
                new Dictionary<string, Tensor> { ["x"] = new Tensor<float>(NetworkModels.Numbers(4, 128, 1), 1, 128) }
            )
        );

        long Axis(string output) =>
            Nodes(output).Single(node => node.OpType == "DequantizeLinear").Attribute.Single(a => a.Name == "axis").I;

        double Off(string output)
        {
            var scales = Numbers<float>(Weights(output)["w_scale"]);
            var bytes = Numbers<sbyte>(Weights(output)["w_quantized"]);
            var inner = Axis(output) == 1 ? 1 : 128;
            return Math.Sqrt(
                numbers.Select((number, i) => Math.Pow(number - ((double)bytes[i] * scales[i / inner % 128]), 2)).Sum()
            );
        }
    }

    [Fact]
    public async Task Run_ClosestAxisOfATinyDimension_StaysWithTheOperators()
    {
        // Along the rows there would be a scale for each element, and nothing would be gained.
        _world.With(Product(OnnxTensor.Of("w", [2048, 1], NetworkModels.Numbers(1, 2048, 1))));

        var output = await _world.RunAsync("onnx-quantize", """{"axis":"closest"}""");

        Assert.Equal(1, Assert.Single(Weights(output)["w_scale"].Dims));
    }

    [Fact]
    public void Plan_AxisWithoutChannels_IsAFault() =>
        Assert.Equal(
            ["$.passes[0].config.axis: Without channels there is none to choose: leave it out, or 'per_channel'."],
            PassWorld.FaultsOf("onnx-quantize", """{"per_channel":false,"axis":"closest"}""")
        );

    [Fact]
    public async Task Run_LargeModel_HasAQuarterOfItsSize()
    {
        _world.With(Product(OnnxTensor.Of("w", [256, 512], NetworkModels.Numbers(1, 256 * 512, 1))));

        var output = await _world.RunAsync("onnx-quantize");

        Assert.InRange(Size(output) / (double)Size(_world.Input), 0.25, 0.26);
        Assert.Equal(["Quantised 1 of 1 weights."], _world.Log);
    }

    [Fact]
    public async Task Run_Twice_GivesTheSameBytes()
    {
        _world.With(NetworkModels.Of("Branches"));

        var first = await _world.RunAsync("onnx-quantize", All);
        var second = await _world.RunAsync("onnx-quantize", All);

        Assert.Equal(PassWorld.ManifestOf(first).Digest, PassWorld.ManifestOf(second).Digest);
    }

    [Fact]
    public async Task Run_WeightThatAnotherOperatorReads_LeavesIt()
    {
        _world.With(NetworkModels.Of("Lookup"));

        var output = await _world.RunAsync("onnx-quantize", All);

        Assert.Equal(["head_quantized", "head_scale", "table"], Weights(output).Keys.Order());
        Assert.Contains("Left 'table' as it is: it is read by Gather as well.", _world.Log);
    }

    [Fact]
    public async Task Run_AllReadersAskedFor_QuantisesASharedWeightOnce()
    {
        _world.With(NetworkModels.Of("Lookup"));

        var output = await _world.RunAsync("onnx-quantize", """{"min_elements":1,"operators":["MatMul","Gather"]}""");

        Assert.Equal(2, Nodes(output).Count(node => node.OpType == "DequantizeLinear"));
        Assert.Single(await PassWorld.AnswerAsync(output, NetworkModels.InputsOf("Lookup")));
    }

    [Fact]
    public async Task Run_Excluded_LeavesThemAndTellsNamesThatAreNone()
    {
        _world.With(NetworkModels.Of("Layers"));

        var output = await _world.RunAsync("onnx-quantize", """{"min_elements":1,"exclude":["w1","z","nobody"]}""");

        Assert.Contains("w1", Weights(output).Keys);
        Assert.Contains("w2", Weights(output).Keys);
        Assert.Contains("'exclude' names 'nobody', and no weight or node of the model is called so.", _world.Log);
    }

    [Fact]
    public async Task Run_PerTensor_HasOneScaleAndNoAxis()
    {
        _world.With(NetworkModels.Of("Layers"));

        var output = await _world.RunAsync("onnx-quantize", """{"min_elements":1,"per_channel":false}""");

        Assert.Empty(Weights(output)["w1_scale"].Dims);
        Assert.Single(Numbers<float>(Weights(output)["w1_scale"]));
        Assert.Equal(2, (await PassWorld.AnswerAsync(output, NetworkModels.InputsOf("Layers"))).Count);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public async Task Run_WeightThatIsNoNumber_RefusesWithItsName(float value)
    {
        _world.With(Product(OnnxTensor.Of("broken", [2, 2], 1, 2, 3, value), "broken"));

        var failure = await _world.FailureOfAsync("onnx-quantize", All);

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.Contains("in the weight 'broken'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OldOperatorSet_SaysWhichItNeeds()
    {
        _world.With(Product(OnnxTensor.Of("w", [2, 2], 1f, 2, 3, 4)).Opset("", 12));

        var failure = await _world.FailureOfAsync("onnx-quantize", All);

        Assert.Equal(
            "'model.onnx' is written for operator set 12; quantised weights need 13 or later. Export it anew, or set "
                + "'per_channel' to false.",
            failure.Message
        );
    }

    [Fact]
    public async Task Run_AfterFloat16_AnswersNearlyTheSame()
    {
        _world.With(NetworkModels.Of("Layers"));
        var inputs = NetworkModels.InputsOf("Layers");

        var half = await _world.RunAsync("onnx-float16");
        var output = await _world.RunAsync("onnx-quantize", All, half);

        var expected = (Tensor<float>)(await PassWorld.AnswerAsync(half, inputs))["y"];
        var actual = (Tensor<float>)(await PassWorld.AnswerAsync(output, inputs))["y"];
        Assert.Contains("w1_quantized", Weights(output).Keys);
        Assert.All(
            expected.Span.ToArray().Zip(actual.Span.ToArray()),
            pair => Assert.InRange(pair.First - pair.Second, -0.02f, 0.02f)
        );
    }

    [Fact]
    public async Task Run_WeightsInAnotherFile_KeepsThemOutside()
    {
        var numbers = NetworkModels.Numbers(1, 1024, 0.4f);
        _world
            .With(NetworkModels.Layers(OnnxTensor.External("w1", OnnxType.Float, [16, 64], "w.bin", 0, 4096)))
            .With("w.bin", MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray());

        var output = await _world.RunAsync("onnx-quantize");

        Assert.Equal(["model.onnx", "model.onnx.data"], PassWorld.FilesIn(output));
        Assert.Equal(1024, new FileInfo(Path.Combine(output, "model.onnx.data")).Length);
        Assert.Equal(2, (await PassWorld.AnswerAsync(output, NetworkModels.InputsOf("Layers"))).Count);
    }

    [Fact]
    public void Plan_WrongOptions_NamesThemAll() =>
        Assert.Equal(
            [
                "$.passes[0].config.min_elements: 0 is less than 1.",
                "$.passes[0].config.operators: 'Matmul' is none whose weights can be quantised; those are Conv, "
                    + "ConvTranspose, FusedConv, FusedGemm, FusedMatMul, Gather, Gemm, MatMul.",
            ],
            PassWorld.FaultsOf("onnx-quantize", """{"min_elements":0,"operators":["Matmul"]}""")
        );

    [Fact]
    public void Plan_NullAmongNames_SaysWhere() =>
        Assert.Equal(
            [
                "$.passes[0].config.operators[1]: It is null; a text is expected.",
                "$.passes[0].config.exclude[0]: It is null; a text is expected.",
            ],
            PassWorld.FaultsOf("onnx-quantize", """{"operators":["MatMul",null],"exclude":[null]}""").OrderDescending()
        );

    public void Dispose() => _world.Dispose();

    private static OnnxWriter Product(OnnxTensor weight, string name = "w") =>
        new OnnxWriter("product")
            .Input("x", OnnxType.Float, "batch", "n")
            .Output("y", OnnxType.Float, "batch", "m")
            .Weight(weight)
            .Node(new OnnxNode("MatMul", ["x", name], ["y"]));

    private static long Size(string directory) => new FileInfo(Path.Combine(directory, "model.onnx")).Length;

    private static Dictionary<string, TensorProto> Weights(string directory) =>
        Larder
            .Onnx.Passes.Tensors.Graphs(PassWorld.Read(directory).Graph)
            .SelectMany(graph => graph.Initializer)
            .ToDictionary(tensor => tensor.Name);

    private static IEnumerable<NodeProto> Nodes(string directory) =>
        Larder.Onnx.Passes.Tensors.Graphs(PassWorld.Read(directory).Graph).SelectMany(graph => graph.Node);

    private static T[] Numbers<T>(TensorProto tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.RawData.Span).ToArray();
}
