using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Larder.Onnx.Format;
using Larder.Onnx.Tests.Loras;
using Larder.Passes;
using Larder.TestKit;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests.Passes;

public sealed class LoraPassTests : IDisposable
{
    private static readonly string Video = Path.Combine(Repository.Root, "samples/models/video");

    private readonly PassWorld _world = new();
    private readonly TempDirectory _loras = new();

    [Theory]
    [InlineData("purple", "palette", 1)]
    [InlineData("purple", "palette", 0.5)]
    [InlineData("diamond", "prototypes", 1)]
    [InlineData("distilled", "text_weights", -0.25)]
    public async Task Run_SampleLora_AnswersAsTheModelWithTheSumWrittenByHand(
        string name,
        string weight,
        double strength
    )
    {
        var denoiser = Denoiser();
        _world.With(denoiser, "denoiser.onnx");
        var path = Path.Combine(Video, $"loras/{name}.safetensors");

        var output = await _world.RunAsync("onnx-lora", Options((path, strength)));

        var byHand = denoiser.Clone();
        AddByHand(Weight(byHand, weight), File.ReadAllBytes(path), strength);
        using var expected = new PassWorld().With(byHand, "denoiser.onnx");
        Assert.Equal(Singles(Weight(byHand, weight)), Singles(Weight(PassWorld.Read(output, "denoiser.onnx"), weight)));
        Assert.Equal(await VelocityAsync(expected.Input), await VelocityAsync(output));
        Assert.NotEqual(await VelocityAsync(_world.Input), await VelocityAsync(output));
    }

    [Fact]
    public async Task Run_SampleLora_ChangesNothingElse()
    {
        _world.With(Denoiser(), "denoiser.onnx");

        var output = await _world.RunAsync("onnx-lora", Options((Path.Combine(Video, "loras/purple.safetensors"), 1)));

        var (before, after) = (Denoiser(), PassWorld.Read(output, "denoiser.onnx"));
        Weight(before, "palette").RawData = Weight(after, "palette").RawData;
        Assert.Equal(before, after);
        Assert.Equal(["Added 1 LoRAs to 1 weights."], _world.Log);
    }

    [Fact]
    public async Task Run_SeveralLoras_AddsThemAllAndScalesByAlpha()
    {
        _world.With(Product([2, 2], 1, 2, 3, 4));
        var alpha = new Dictionary<string, string> { ["alpha"] = "8" };
        var first = Lora("first", LoraBytes.Lora("w", 2, 2, 2, [1, 0, 0, 1], [1, 2, 3, 4], alpha));
        var second = Lora("second", LoraBytes.Lora("w", 2, 1, 2, [1, 0], [10, 20]));

        var output = await _world.RunAsync("onnx-lora", Options((first, 0.5), (second, -1)));

        // 8 / 2 * 0.5 times [1 2; 3 4], less [10 20; 0 0].
        Assert.Equal([-7, -14, 9, 12], Singles(Weight(PassWorld.Read(output), "w")));
    }

    [Fact]
    public async Task Run_StrengthZero_IsAsIfItWereNotThere()
    {
        _world.With(Product([2, 2], 1, 2, 3, 4));

        var output = await _world.RunAsync("onnx-lora", Options(("nowhere.safetensors", 0)));

        Assert.Equal(PassWorld.Read(_world.Input), PassWorld.Read(output));
    }

    [Fact]
    public async Task Run_SameLorasTwice_GivesTheSameBytes()
    {
        _world.With(Product([2, 2], 1, 2, 3, 4));
        var options = Options((Lora("a", LoraBytes.Lora("w", 2, 1, 2, [.1f, .2f], [.3f, .4f])), 0.7));

        var first = await _world.RunAsync("onnx-lora", options);
        var second = await _world.RunAsync("onnx-lora", options);

        Assert.Equal(PassWorld.ManifestOf(first).Digest, PassWorld.ManifestOf(second).Digest);
    }

    [Fact]
    public async Task Run_Float16Weight_RoundsOnceAtTheEnd()
    {
        _world.With(Product([2, 2], 1, 2, 3, 4));
        var half = await _world.RunAsync("onnx-float16");
        var lora = Lora("small", LoraBytes.Lora("w", 2, 2, 2, [1, 1, 0, 0], [1 / 2048f, 0, 1 / 2048f, 0]));

        var output = await _world.RunAsync("onnx-lora", Options((lora, 1)), half);

        // Each half of it alone would be rounded away.
        var halves = MemoryMarshal.Cast<byte, Half>(Weight(PassWorld.Read(output), "w").RawData.Span).ToArray();
        Assert.Equal([1 + (1 / 1024.0), 2, 3, 4], halves.Select(value => (double)value));
    }

    [Fact]
    public async Task Run_WeightsInAnotherFile_KeepsThemOutsideAndTheOthersToo()
    {
        var numbers = NetworkModels.Numbers(1, 1024, 0.4f);
        _world
            .With(NetworkModels.Layers(OnnxTensor.External("w1", OnnxType.Float, [16, 64], "w.bin", 0, 4096)))
            .With("w.bin", MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray())
            .With("tokenizer.json", [1]);
        float[] b = NetworkModels.Numbers(2, 32, 1);
        float[] a = NetworkModels.Numbers(3, 128, 1);

        var output = await _world.RunAsync("onnx-lora", Options((Lora("x", LoraBytes.Lora("w1", 16, 2, 64, b, a)), 1)));

        Assert.Equal(["model.onnx", "model.onnx.data", "tokenizer.json"], PassWorld.FilesIn(output));
        var written = MemoryMarshal
            .Cast<byte, float>(File.ReadAllBytes(Path.Combine(output, "model.onnx.data")))
            .ToArray();
        Assert.Equal(1024, written.Length);
        for (var i = 0; i < written.Length; i++)
        {
            var (row, column) = (i / 64, i % 64);
            var expected = numbers[i] + ((double)b[row * 2] * a[column]) + ((double)b[(row * 2) + 1] * a[64 + column]);
            Assert.Equal((float)expected, written[i]);
        }
        Assert.Equal(2, (await PassWorld.AnswerAsync(output, NetworkModels.InputsOf("Layers"))).Count);
    }

    [Fact]
    public async Task Run_WeightOfAGraphWithinTheGraph_IsChanged()
    {
        _world.With(NetworkModels.Of("Branches"));
        var before = Inner(_world.Input);
        var (rows, columns) = ((int)before.Dims[0], (int)before.Dims[1]);
        var lora = LoraBytes.Lora("inner", rows, 1, columns, Ones(rows), Ones(columns));

        var output = await _world.RunAsync("onnx-lora", Options((Lora("x", lora), 2)));

        Assert.Equal(Singles(before).Select(value => (float)((double)value + 2)), Singles(Inner(output)));

        TensorProto Inner(string directory) =>
            Larder
                .Onnx.Passes.Tensors.Graphs(PassWorld.Read(directory).Graph)
                .SelectMany(graph => graph.Initializer)
                .Single(tensor => tensor.Name == "inner");
    }

    [Fact]
    public async Task Run_LorasThatDoNotFit_TellsAllFaultsOfAll()
    {
        _world.With(Product("weight_w", [2, 3], 1, 2, 3, 4, 5, 6));
        var broken = Lora("broken", "nothing at all"u8.ToArray());
        var shape = Lora("shape", LoraBytes.Lora("weight_w", 3, 1, 2, Ones(3), Ones(2)));
        var name = Lora("name", LoraBytes.Lora("weight_v", 2, 1, 3, Ones(2), Ones(3)));
        var rank = Lora(
            "rank",
            LoraBytes.Of([("weight_w.lora_A", [2, 3], Ones(6)), ("weight_w.lora_B", [2, 1], Ones(2))])
        );

        var failure = await _world.FailureOfAsync("onnx-lora", Options((broken, 1), (shape, 1), (name, 1), (rank, 1)));

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        var lines = failure.Message.Split('\n');
        Assert.Equal("'model.onnx' cannot take the LoRAs:", lines[0]);
        Assert.Equal(
            [
                $"'{broken}' says that its header has 2334956330817974126 bytes; a safetensors file has 100000000 at most.",
                $"'{shape}' changes 'weight_w' as [3, 2], and it is [2, 3]: its first size and the product of the others are expected.",
                $"'{name}' changes 'weight_v', and the model has no weight of that name; the nearest is 'weight_w'.",
                $"'{rank}' has A of [2, 3] and B of [2, 1] for 'weight_w'; [rank, n] and [m, rank] are expected, of one rank that is not 0.",
            ],
            lines[1..]
        );
    }

    [Fact]
    public async Task Run_QuantisedWeight_IsRefusedWithTheOrderToTake()
    {
        _world.With(Product([2, 2], 1, 2, 3, 4));
        var quantized = await _world.RunAsync("onnx-quantize", """{"min_elements":1}""");
        var lora = Lora("x", LoraBytes.Lora("weights_of_another_model", 2, 1, 2, Ones(2), Ones(2)));

        var failure = await Assert.ThrowsAsync<PassException>(() =>
            _world.RunAsync("onnx-lora", Options((lora, 1)), quantized)
        );

        Assert.Contains("if it was quantised, add LoRAs before that", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WholeNumberWeight_IsRefused()
    {
        _world.With(Product([2, 2], 1, 2, 3, 4));
        var quantized = await _world.RunAsync("onnx-quantize", """{"min_elements":1}""");
        var lora = Lora("x", LoraBytes.Lora("w_quantized", 2, 1, 2, Ones(2), Ones(2)));

        var failure = await Assert.ThrowsAsync<PassException>(() =>
            _world.RunAsync("onnx-lora", Options((lora, 1)), quantized)
        );

        Assert.Contains("neither float32 nor float16 (ONNX's type 3)", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e39, 1)]
    [InlineData(1, 3e38f)]
    public async Task Run_SumBeyondFloat32_IsRefused(double strength, float value)
    {
        _world.With(Product([1, 1], 3e38f));
        var lora = Lora("x", LoraBytes.Lora("w", 1, 1, 1, [1], [value]));

        var failure = await _world.FailureOfAsync("onnx-lora", Options((lora, strength)));

        Assert.Contains("has infinite elements in the weight 'w'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LoraWithNumbersThatAreNone_IsRefused()
    {
        _world.With(Product([1, 1], 1));
        var lora = Lora("x", LoraBytes.Lora("w", 1, 1, 1, [1], [float.NegativeInfinity]));

        var failure = await _world.FailureOfAsync("onnx-lora", Options((lora, 1)));

        Assert.Contains(
            "the tensor 'w.lora_A' with numbers that are infinite",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Plan_AnyPlaces_AreNoPartOfTheKey()
    {
        var facts = PassWorld.Plan("onnx-lora", Options(("loras/a.safetensors", 0.5), ("off", 0), ("/b", 1))).Facts;

        Assert.Equal("""{"file":null,"loras":[{"strength":0.5},{"strength":1}]}""", facts.Config.ToJsonString());
        Assert.Equal(
            [("loras[0]", "/loras/a.safetensors"), ("loras[1]", "/b")],
            facts.Files.Select(file => (file.Key, file.Value)).Order()
        );
    }

    [Fact]
    public void Plan_WrongOptions_NamesThemAll()
    {
        Assert.Equal(["$.passes[0].config: 'loras' is missing: add it."], PassWorld.FaultsOf("onnx-lora", "{}"));
        Assert.Equal(
            [
                """$.passes[0].config.loras: It names none. Write one such as {"file": "style.safetensors", "strength": 0.8}.""",
            ],
            PassWorld.FaultsOf("onnx-lora", """{"loras":[]}""")
        );
        Assert.Equal(
            [
                "$.passes[0].config.loras[0].file: It is missing: name the LoRA's safetensors file.",
                "$.passes[0].config.loras[1]: It is null; an object with 'file' and 'strength' is expected.",
                "$.passes[0].config.loras[2].weight: There is no such option. Known are file, strength.",
            ],
            PassWorld.FaultsOf("onnx-lora", """{"loras":[{"strength":2},null,{"file":"a","weight":1}]}""")
        );
    }

    public void Dispose()
    {
        _world.Dispose();
        _loras.Dispose();
    }

    private string Lora(string name, byte[] bytes)
    {
        var path = _loras[$"{name}.safetensors"];
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static string Options(params (string File, double Strength)[] loras) =>
        new JsonObject
        {
            ["loras"] = new JsonArray([
                .. loras.Select(lora =>
                    (JsonNode)new JsonObject { ["file"] = lora.File, ["strength"] = lora.Strength }
                ),
            ]),
        }.ToJsonString();

    private static OnnxWriter Product(long[] shape, params float[] weights) => Product("w", shape, weights);

    private static OnnxWriter Product(string name, long[] shape, params float[] weights) =>
        new OnnxWriter("product")
            .Input("x", OnnxType.Float, "batch", shape[0])
            .Output("y", OnnxType.Float, "batch", shape[1])
            .Weight(OnnxTensor.Of(name, shape, weights))
            .Node(new OnnxNode("MatMul", ["x", name], ["y"]));

    private static ModelProto Denoiser() => PassWorld.Read(Video, "denoiser.onnx");

    private static TensorProto Weight(ModelProto model, string name) =>
        model.Graph.Initializer.Single(tensor => tensor.Name == name);

    private static float[] Singles(TensorProto tensor) =>
        MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();

    private static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];

    // W + strength * B A, as the README of the samples says it; alpha is the rank in all of them. Read without Larder's reader:
    // the numbers of a sample are A, then B, at the end of its file.
    private static void AddByHand(TensorProto tensor, byte[] lora, double strength)
    {
        var weight = Singles(tensor);
        var rows = (int)tensor.Dims[0];
        var columns = weight.Length / rows;
        var headerBytes = (int)BitConverter.ToInt64(lora);
        var numbers = MemoryMarshal.Cast<byte, float>(lora.AsSpan(8 + headerBytes)).ToArray();
        var rank = numbers.Length / (rows + columns);
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            double sum = weight[(row * columns) + column];
            for (var i = 0; i < rank; i++)
                sum += strength * numbers[(rank * columns) + (row * rank) + i] * numbers[(i * columns) + column];
            weight[(row * columns) + column] = (float)sum;
        }
        tensor.RawData = Google.Protobuf.ByteString.CopyFrom(MemoryMarshal.AsBytes(weight.AsSpan()));
    }

    private static async Task<float[]> VelocityAsync(string directory)
    {
        var context = new float[11];
        (context[0], context[5], context[7]) = (1, 1, 1);
        var inputs = new Dictionary<string, Tensor>
        {
            ["latents"] = new Tensor<float>(NetworkModels.Numbers(11, 42 * 5 * 4 * 4, 3), 1, 42, 5, 4, 4),
            ["timestep"] = new Tensor<float>(new[] { 0.98f }, 1, 1, 1, 1, 1),
            ["context"] = new Tensor<float>(context, 1, 1, 11),
        };
        var answer = await PassWorld.AnswerAsync(directory, inputs, "denoiser.onnx");
        return ((Tensor<float>)answer["velocity"]).Span.ToArray();
    }
}
