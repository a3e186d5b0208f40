using Larder.Onnx.Format;
using Larder.Passes;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests.Passes;

/// <summary>Models that name data where there is none of theirs: every pass refuses them, also one that reads none of it.</summary>
public sealed class ExternalRangeTests : IDisposable
{
    private readonly PassWorld _world = new();

    public static TheoryData<string, string> Locations =>
        new()
        {
            { "../secret.bin", "has a '.' or '..' segment" },
            { "/etc/passwd", "is absolute" },
            { "a/../../secret.bin", "has a '.' or '..' segment" },
            { "..\\secret.bin", "has a backslash" },
            { "C:secret.bin", "begins with a drive letter" },
            { "w.bin\0", "has a control character" },
            { "", "is empty" },
            { "nobody.bin", "is no file of the model" },
        };

    public static TheoryData<string, string, string> Ranges =>
        new()
        {
            { "0", "17", "wants 17 bytes from byte 0 of 'w.bin', which has 16 bytes" },
            { "1", "16", "wants 16 bytes from byte 1" },
            { "17", "0", "begins at byte 17 of 'w.bin', which has 16 bytes" },
            { "9223372036854775807", "9223372036854775807", "begins at byte 9223372036854775807" },
            { "1", "9223372036854775807", "wants 9223372036854775807 bytes" },
            { "-1", "16", "has the offset '-1', which is no number of bytes" },
            { "0", "18446744073709551616", "has the length '18446744073709551616', which is no number of bytes" },
            { "0", "8", "has 8 bytes in 'w.bin', but its dimensions and type want 16" },
        };

    [Theory]
    [MemberData(nameof(Locations))]
    public async Task Run_FileOutsideOfTheModel_Refuses(string location, string why)
    {
        _world.With(Model(location, "0", "16")).With("w.bin", new byte[16]);

        foreach (var name in new[] { "onnx-metadata", "onnx-optimize", "onnx-quantize", "onnx-float16" })
        {
            var failure = await _world.FailureOfAsync(name);
            Assert.Equal(PassFailure.Permanent, failure.Failure);
            Assert.Contains("The tensor 'w' of 'model.onnx' names", failure.Message, StringComparison.Ordinal);
            Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public async Task Run_PartOutsideOfTheFile_Refuses(string offset, string length, string why)
    {
        _world.With(Model("w.bin", offset, length)).With("w.bin", new byte[16]);

        var failure = await _world.FailureOfAsync("external-data", """{"mode":"merge"}""");

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LinkOutOfTheModel_Refuses()
    {
        _world.With(Model("w.bin", "0", "16"));
        var secret = Path.Combine(Path.GetDirectoryName(_world.Input)!, "secret.bin");
        await File.WriteAllBytesAsync(secret, new byte[16], TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Path.Combine(_world.Input, "w.bin"), secret);

        var failure = await _world.FailureOfAsync("external-data", """{"mode":"merge"}""");

        Assert.Contains("is or goes through a symbolic link", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EntryTwice_Refuses()
    {
        var model = Model("w.bin", "0", "16");
        model.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "../x" });
        _world.With(model).With("w.bin", new byte[16]);

        var failure = await _world.FailureOfAsync("external-data", """{"mode":"merge"}""");

        Assert.Contains("says 'location' twice", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DimensionsThatWrapAround_Refuses()
    {
        var model = Model("w.bin", "0", "16");
        model.Graph.Initializer[0].Dims.Clear();
        model.Graph.Initializer[0].Dims.AddRange([1L << 33, 1L << 33, 4]);
        _world.With(model).With("w.bin", new byte[16]);

        var failure = await _world.FailureOfAsync("external-data", """{"mode":"merge"}""");

        Assert.Contains("dimensions that make no sense", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_InsideAGraphWithinTheGraph_RefusesToo()
    {
        var inner = Model("../secret.bin", "0", "16").Graph;
        var model = Model("w.bin", "0", "16");
        model.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "body", G = inner });
        _world.With(model).With("w.bin", new byte[16]);

        var failure = await _world.FailureOfAsync("onnx-metadata");

        Assert.Contains("'../secret.bin'", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _world.Dispose();

    private static ModelProto Model(string location, string offset, string length)
    {
        var model = ModelProto.Parser.ParseFrom(
            new OnnxWriter("external")
                .Input("x", OnnxType.Float, 4)
                .Output("y", OnnxType.Float, 4)
                .Weight(OnnxTensor.External("w", OnnxType.Float, [4], location, 0, 0))
                .Node(new OnnxNode("Add", ["x", "w"], ["y"]))
                .ToArray()
        );
        var entries = model.Graph.Initializer[0].ExternalData;
        entries.Single(entry => entry.Key == "offset").Value = offset;
        entries.Single(entry => entry.Key == "length").Value = length;
        return model;
    }
}
