using Larder.TestKit;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests;

public sealed class OnnxModelLoadTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Model => _directory["model.onnx"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_DescribesInputsAndOutputs()
    {
        var bytes = Models.SumAndProduct();
        File.WriteAllBytes(Model, bytes);

        using var model = OnnxModel.Load(Model);

        Assert.Equal(
            ["a: float32[batch,1]", "b: float32[batch,1]"],
            model.Inputs.Select(Describe),
            StringComparer.Ordinal
        );
        Assert.Equal(
            ["sum: float32[batch,1]", "product: float32[batch,1]"],
            model.Outputs.Select(Describe),
            StringComparer.Ordinal
        );
        Assert.Equal(Model, model.Path);
        Assert.Equal(bytes.Length, model.SizeBytes);
    }

    [Fact]
    public void Load_UnnamedFreeDimensionAndUnknownRank_AreToldApartFromAScalar()
    {
        File.WriteAllBytes(
            Model,
            new OnnxWriter("shapes")
                .Input("free", OnnxType.Float, default(OnnxDimension), 2)
                .Input("scalar", OnnxType.Int64)
                .InputOfAnyShape("any", OnnxType.String)
                .Output("y", OnnxType.Float, default(OnnxDimension), 2)
                .Node(new OnnxNode("Identity", ["free"], ["y"]))
                .ToArray()
        );

        using var model = OnnxModel.Load(Model);

        Assert.Equal(
            ["free: float32[?,2]", "scalar: int64[]", "any: string[...]"],
            model.Inputs.Select(Describe),
            StringComparer.Ordinal
        );
        Assert.Equal([true, true, false], model.Inputs.Select(input => input.HasShape));
    }

    [Fact]
    public void Load_NamesBeyondAscii_AreKept()
    {
        var model = _directory["größe 東京.onnx"];
        File.WriteAllBytes(model, Models.Identity(OnnxType.Float, "größe"));

        using var loaded = OnnxModel.Load(model);

        Assert.Equal("float32[größe]", loaded.Inputs[0].ToString());
    }

    [Fact]
    public void Load_ExternalData_CountsInTheSize()
    {
        File.WriteAllBytes(_directory["weights.bin"], new byte[1024]);
        var bytes = new OnnxWriter("external")
            .Input("x", OnnxType.Float, 128)
            .Output("y", OnnxType.Float, 128)
            .Weight(OnnxTensor.External("first", OnnxType.Float, [128], "weights.bin", 0, 512))
            .Weight(OnnxTensor.External("second", OnnxType.Float, [128], "weights.bin", 512, 512))
            .Node(new OnnxNode("Add", ["x", "first"], ["z"]))
            .Node(new OnnxNode("Add", ["z", "second"], ["y"]))
            .ToArray();
        File.WriteAllBytes(Model, bytes);

        using var model = OnnxModel.Load(Model);

        Assert.Equal(bytes.Length + 1024, model.SizeBytes);
        Assert.Equal(0f, ((Tensor<float>)model.Run(Named.Inputs(("x", Named.Vector(new float[128]))))["y"]).Span[127]);
    }

    [Fact]
    public void Load_ExternalDataIsMissing_Throws()
    {
        File.WriteAllBytes(
            Model,
            new OnnxWriter("external")
                .Input("x", OnnxType.Float, 128)
                .Output("y", OnnxType.Float, 128)
                .Weight(OnnxTensor.External("weight", OnnxType.Float, [128], "weights.bin", 0, 512))
                .Node(new OnnxNode("Add", ["x", "weight"], ["y"]))
                .ToArray()
        );

        Assert.Contains("weights.bin", Assert.Throws<OnnxException>(Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFile_Throws() => AssertFails(OnnxErrorCode.NoSuchFile, "There is no model file");

    [Fact]
    public void Load_Directory_Throws()
    {
        Directory.CreateDirectory(Model);

        AssertFails(OnnxErrorCode.InvalidArgument, "is a directory");
    }

    [Fact]
    public void Load_EmptyFile_Throws()
    {
        File.WriteAllBytes(Model, []);

        AssertFails(OnnxErrorCode.InvalidProtobuf, "is empty");
    }

    [Fact]
    public void Load_Text_Throws()
    {
        File.WriteAllText(Model, "<html><body>404 Not Found</body></html>");

        AssertFails(OnnxErrorCode.InvalidProtobuf, "failed: ");
    }

    [Fact]
    public void Load_CutFile_Throws()
    {
        var bytes = Models.SumAndProduct();
        File.WriteAllBytes(Model, bytes.AsSpan(0, bytes.Length / 2).ToArray());

        AssertFails(OnnxErrorCode.InvalidProtobuf, "failed: ");
    }

    [Fact]
    public void Load_AnyByteDamaged_ThrowsOrLoads()
    {
        var bytes = Models.SumAndProduct();
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = bytes.ToArray();
            damaged[i] ^= 0xFF;
            File.WriteAllBytes(Model, damaged);
            try
            {
                OnnxModel.Load(Model).Dispose();
            }
            catch (OnnxException failure)
            {
                Assert.DoesNotContain(failure.Message, char.IsControl);
            }
        }
    }

    [Fact]
    public void Load_UnknownOperator_NamesIt()
    {
        File.WriteAllBytes(
            Model,
            new OnnxWriter("unknown")
                .Input("x", OnnxType.Float, 1)
                .Output("y", OnnxType.Float, 1)
                .Node(new OnnxNode("Frobnicate", ["x"], ["y"]))
                .ToArray()
        );

        Assert.Contains("Frobnicate", Assert.Throws<OnnxException>(Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OutputIsASequence_SaysWhatIsSupported()
    {
        File.WriteAllBytes(
            Model,
            new OnnxWriter("sequence")
                .Input("x", OnnxType.Float, 1)
                .OutputAsMade("list")
                .Node(new OnnxNode("SequenceConstruct", ["x", "x"], ["list"]))
                .ToArray()
        );

        AssertFails(OnnxErrorCode.NotImplemented, "its output 'list' is a sequence, a map or an optional");
    }

    [Fact]
    public void Load_UnsupportedElementType_NamesIt()
    {
        const int BFloat16 = 16;
        File.WriteAllBytes(Model, Models.Identity((OnnxType)BFloat16));

        AssertFails(OnnxErrorCode.NotImplemented, "its input 'x' has the ONNX element type 16");
    }

    [Fact]
    public void Load_NoThreads_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            OnnxModel.Load(Model, new OnnxModelOptions { IntraOpThreads = 0 })
        );

    [Fact]
    public void Load_AnotherRuntimeThanTheOneRunning_IsRefused()
    {
        File.WriteAllBytes(Model, Models.SumAndProduct());
        OnnxModel.Load(Model).Dispose();

        var options = new OnnxModelOptions { RuntimePath = "/elsewhere/libonnxruntime.so.1" };

        Assert.Throws<InvalidOperationException>(() => OnnxModel.Load(Model, options));
    }

    private static string Describe(TensorSpec spec) => $"{spec.Name}: {spec}";

    private void Load() => OnnxModel.Load(Model);

    private void AssertFails(OnnxErrorCode code, string text)
    {
        var failure = Assert.Throws<OnnxException>(Load);
        Assert.Equal(code, failure.Code);
        Assert.Contains(text, failure.Message, StringComparison.Ordinal);
        Assert.Contains(Model, failure.Message, StringComparison.Ordinal);
    }
}
