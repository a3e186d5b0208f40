using Larder.Onnx.Format;
using Larder.Passes;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests.Passes;

public sealed class ExternalDataPassTests : IDisposable
{
    private readonly PassWorld _world = new();

    // Those with large weights.
    public static TheoryData<string> Models => ["Layers", "Convolution", "Branches", "Loop", "Lookup"];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Run_SplitThenMerge_GivesTheSameAnswersAndWeights(string name)
    {
        _world.With(NetworkModels.Of(name)).With("tokenizer.json", "{}"u8.ToArray());
        var inputs = NetworkModels.InputsOf(name);

        var split = await _world.RunAsync("external-data", """{"mode":"split","threshold":256}""");
        var merged = await _world.RunAsync("external-data", """{"mode":"merge"}""", split);

        Assert.Equal(["model.onnx", "model.onnx.data", "tokenizer.json"], PassWorld.FilesIn(split));
        Assert.Equal(["model.onnx", "tokenizer.json"], PassWorld.FilesIn(merged));
        Assert.All(PassWorld.Read(split).Graph.Initializer, tensor => Assert.False(tensor.RawData.Length >= 256));
        Assert.Equal(PassWorld.Read(_world.Input), PassWorld.Read(merged));
        var expected = await PassWorld.AnswerAsync(_world.Input, inputs);
        var actual = await PassWorld.AnswerAsync(split, inputs);
        foreach (var (key, tensor) in expected)
        {
            if (tensor is Tensor<float> singles)
                Assert.Equal(singles.Span, ((Tensor<float>)actual[key]).Span);
        }
    }

    [Fact]
    public async Task Run_Split_LaysLargeWeightsOutAtMultiplesOfTheAlignment()
    {
        _world.With(NetworkModels.Layers());

        var output = await _world.RunAsync(
            "external-data",
            """{"mode":"split","threshold":2048,"alignment":256,"data_file":"w.bin"}"""
        );

        var tensors = PassWorld.Read(output).Graph.Initializer;
        Assert.Equal(
            [("w1", "location=w.bin offset=0 length=4096"), ("w2", "location=w.bin offset=4096 length=2048")],
            tensors.Where(tensor => tensor.ExternalData.Count > 0).Select(tensor => (tensor.Name, Describe(tensor)))
        );
        Assert.Equal(6144, new FileInfo(Path.Combine(output, "w.bin")).Length);
    }

    [Fact]
    public async Task Run_SplitOfWhatIsSplitOtherwise_GivesTheSameBytes()
    {
        _world.With(NetworkModels.Layers());

        var at = await _world.RunAsync("external-data", """{"mode":"split"}""");
        var otherwise = await _world.RunAsync(
            "external-data",
            """{"mode":"split","threshold":256,"data_file":"a.bin"}"""
        );
        var again = await _world.RunAsync("external-data", """{"mode":"split"}""", otherwise);

        Assert.Equal(PassWorld.ManifestOf(at).Digest, PassWorld.ManifestOf(again).Digest);
    }

    [Fact]
    public async Task Run_SplitOneFileForEach_NamesThemForTheirTensors()
    {
        var model = new OnnxWriter("names")
            .Input("x", OnnxType.Float, 64)
            .Output("y", OnnxType.Float, 64)
            .Weight(OnnxTensor.Of("a/b", [64], NetworkModels.Numbers(1, 64, 1)))
            .Weight(OnnxTensor.Of("a.b", [64], NetworkModels.Numbers(2, 64, 1)))
            .Node(new OnnxNode("Sum", ["x", "a/b", "a.b"], ["y"]));
        _world.With(model);

        var output = await _world.RunAsync(
            "external-data",
            """{"mode":"split","threshold":256,"data_file":"w-{tensor}.bin"}"""
        );

        Assert.Equal(["model.onnx", "w-a_b-2.bin", "w-a_b.bin"], PassWorld.FilesIn(output));
        var inputs = new Dictionary<string, Tensor> { ["x"] = new Tensor<float>(new float[64], 64) };
        var expected = (Tensor<float>)(await PassWorld.AnswerAsync(_world.Input, inputs))["y"];
        var actual = (Tensor<float>)(await PassWorld.AnswerAsync(output, inputs))["y"];
        Assert.Equal(expected.Span, actual.Span);
    }

    [Fact]
    public async Task Run_DataFileIsAnotherFileOfTheModel_Refuses()
    {
        _world.With(NetworkModels.Layers()).With("taken.json", "{}"u8.ToArray());

        var failure = await _world.FailureOfAsync("external-data", """{"mode":"split","data_file":"taken.json"}""");

        Assert.Equal(
            "'model.onnx' cannot have its data in 'taken.json', which is another file of the model. Choose another name.",
            failure.Message
        );
    }

    [Fact]
    public async Task Run_MergeOfMoreThanTwoGigabytes_RefusesBeforeItReads()
    {
        const long size = 2_200_000_000;
        _world.With(
            new OnnxWriter("large")
                .Input("x", OnnxType.UInt8, 1)
                .Output("y", OnnxType.UInt8, 1)
                .Weight(OnnxTensor.External("w", OnnxType.UInt8, [size], "w.bin", 0, size))
                .Node(new OnnxNode("Identity", ["x"], ["y"]))
        );
        // A hole: it takes no room and is not read.
        using (var file = File.Create(Path.Combine(_world.Input, "w.bin")))
            file.SetLength(size);
        var run = new PassRun
        {
            InputPath = _world.Input,
            Input = Content.Manifest.Create([
                new("model.onnx", new FileInfo(Path.Combine(_world.Input, "model.onnx")).Length, Content.Digest.Of([])),
                new("w.bin", size, Content.Digest.Of([])),
            ]),
            OutputPath = Directory.CreateDirectory(Path.Combine(_world.Input, "out")).FullName,
            WorkPath = _world.Input,
        };

        var failure = await Assert.ThrowsAsync<PassException>(() =>
            PassWorld.Plan("external-data", """{"mode":"merge"}""").RunAsync(run, TestContext.Current.CancellationToken)
        );

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.Contains("an ONNX file ends at 2147483647", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DataThatAnotherModelReads_StaysWhereItIs()
    {
        var weight = OnnxTensor.External("w1", OnnxType.Float, [16, 64], "w.bin", 0, 4096);
        _world
            .With(NetworkModels.Layers(weight))
            .With(NetworkModels.Layers(weight), "other.onnx")
            .With("w.bin", new byte[4096]);

        var output = await _world.RunAsync("external-data", """{"mode":"merge"}""");

        Assert.Equal(["model.onnx", "other.onnx", "w.bin"], PassWorld.FilesIn(output));
        Assert.Equal(2, (await PassWorld.AnswerAsync(output, NetworkModels.InputsOf("Layers"), "other.onnx")).Count);
    }

    [Fact]
    public void Plan_WrongOptions_NamesThemAll() =>
        Assert.Equal(
            [
                "$.passes[0].config.threshold: 255 is less than 256 bytes: small tensors may say shapes, which runtimes read "
                    + "only in the model's own file.",
                "$.passes[0].config.alignment: 48 is no power of two from 1 to 1048576.",
                "$.passes[0].config.data_file: 'sub/w.bin' has a directory; data lies beside the model's file.",
            ],
            PassWorld.FaultsOf(
                "external-data",
                """{"mode":"split","threshold":255,"alignment":48,"data_file":"sub/w.bin"}"""
            )
        );

    [Fact]
    public void Plan_NoMode_SaysSo() =>
        Assert.Equal(["$.passes[0].config: 'mode' is missing: add it."], PassWorld.FaultsOf("external-data", "{}"));

    public void Dispose() => _world.Dispose();

    private static string Describe(TensorProto tensor) =>
        string.Join(' ', tensor.ExternalData.Select(entry => $"{entry.Key}={entry.Value}"));
}
