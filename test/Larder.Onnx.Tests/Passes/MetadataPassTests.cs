using Larder.Passes;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests.Passes;

public sealed class MetadataPassTests : IDisposable
{
    private readonly PassWorld _world = new();

    [Fact]
    public async Task Run_SetAndRemove_ChangesOnlyThat()
    {
        _world.With(NetworkModels.Layers().Metadata("b", "old").Metadata("gone", "x").Metadata("z", "stays"));

        var output = await _world.RunAsync(
            "onnx-metadata",
            """{"set":{"b":"new","a":"first"},"remove":["gone","never"],"doc_string":"About.","producer_name":"","producer_version":"2"}"""
        );

        var expected = PassWorld.Read(_world.Input);
        var actual = PassWorld.Read(output);
        Assert.Equal(
            ["a=first", "b=new", "z=stays"],
            actual.MetadataProps.Select(entry => $"{entry.Key}={entry.Value}")
        );
        Assert.Equal(("About.", false, "2"), (actual.DocString, actual.HasProducerName, actual.ProducerVersion));
        Assert.Equal(expected.Graph, actual.Graph);
        Assert.Equal(2, (await PassWorld.AnswerAsync(output, NetworkModels.InputsOf("Layers"))).Count);
    }

    [Fact]
    public async Task Run_EntriesInAnotherOrder_GivesTheSameBytes()
    {
        _world.With(NetworkModels.Layers().Metadata("m", "1"));

        var one = await _world.RunAsync("onnx-metadata", """{"set":{"a":"1","z":"2"}}""");
        var other = await _world.RunAsync("onnx-metadata", """{"set":{"z":"2","a":"1"}}""");

        Assert.Equal(PassWorld.ManifestOf(one).Digest, PassWorld.ManifestOf(other).Digest);
    }

    [Fact]
    public async Task Run_OtherFilesAndData_AreCarriedAlong()
    {
        _world
            .With(
                NetworkModels.Layers(OnnxTensor.External("w1", OnnxType.Float, [16, 64], "w.bin", 0, 4096)),
                "onnx/model.onnx"
            )
            .With("onnx/w.bin", new byte[4096])
            .With("tokenizer.json", "{}"u8.ToArray());

        var output = await _world.RunAsync("onnx-metadata", """{"set":{"a":"b"}}""");

        Assert.Equal(["onnx/model.onnx", "onnx/w.bin", "tokenizer.json"], PassWorld.FilesIn(output));
        Assert.Equal(
            2,
            (await PassWorld.AnswerAsync(output, NetworkModels.InputsOf("Layers"), "onnx/model.onnx")).Count
        );
    }

    [Fact]
    public async Task Run_SeveralModels_WantsToKnowWhich()
    {
        _world.With(NetworkModels.Layers(), "a.onnx").With(NetworkModels.Layers(), "b.onnx");

        var failure = await _world.FailureOfAsync("onnx-metadata");
        var output = await _world.RunAsync("onnx-metadata", """{"file":"b.onnx","doc_string":"b"}""");

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.Contains("Its .onnx files are: a.onnx, b.onnx.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(
            ("", "b"),
            (PassWorld.Read(output, "a.onnx").DocString, PassWorld.Read(output, "b.onnx").DocString)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no protobuf at all")]
    [InlineData("\u0008\u0008")]
    public async Task Run_NoOnnxFile_RefusesWithItsName(string text)
    {
        _world.With("model.onnx", System.Text.Encoding.UTF8.GetBytes(text));

        var failure = await _world.FailureOfAsync("onnx-metadata");

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.StartsWith("'model.onnx' is no ONNX file, or damaged: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CutFile_Refuses()
    {
        _world.With("model.onnx", NetworkModels.Layers().ToArray()[..^100]);

        var failure = await _world.FailureOfAsync("onnx-metadata");

        Assert.Equal(PassFailure.Permanent, failure.Failure);
    }

    [Fact]
    public async Task Run_FileOfMoreThanTwoGigabytes_RefusesWithoutReadingIt()
    {
        var path = Path.Combine(_world.Input, "model.onnx");
        using (var file = File.Create(path))
            file.SetLength(1L << 31);
        var run = new PassRun
        {
            InputPath = _world.Input,
            Input = Content.Manifest.Create([new("model.onnx", 1L << 31, Content.Digest.Of([]))]),
            OutputPath = _world.Input,
            WorkPath = _world.Input,
        };

        var failure = await Assert.ThrowsAsync<PassException>(() =>
            PassWorld.Plan("onnx-metadata").RunAsync(run, TestContext.Current.CancellationToken)
        );

        Assert.Equal(
            "'model.onnx' has 2147483648 bytes; an ONNX file ends at 2147483647. Export the model with its weights as "
                + "external data.",
            failure.Message
        );
    }

    [Fact]
    public void Plan_WrongOptions_NamesThemAll() =>
        Assert.Equal(
            [
                "$.passes[0].config.set: A key is empty: name it.",
                "$.passes[0].config.remove: 'a' is set as well: name it in one of the two.",
            ],
            PassWorld.FaultsOf("onnx-metadata", """{"set":{"":"x","a":"b"},"remove":["a"]}""")
        );

    [Fact]
    public void Plan_NullAsAText_SaysWhere() =>
        Assert.Equal(
            [
                "$.passes[0].config.remove[0]: It is null; a text is expected.",
                "$.passes[0].config.set.a: It is null; a text is expected.",
            ],
            PassWorld.FaultsOf("onnx-metadata", """{"set":{"a":null},"remove":[null]}""").Order()
        );

    public void Dispose() => _world.Dispose();
}
