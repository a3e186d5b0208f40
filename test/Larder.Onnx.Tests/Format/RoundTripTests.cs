using Google.Protobuf;
using Larder.Onnx.Format;
using Larder.Onnx.Tests.Passes;
using Larder.TestKit;

namespace Larder.Onnx.Tests.Format;

public sealed class RoundTripTests
{
    public static TheoryData<string> Samples =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Repository.Root, "samples/models"), "*.onnx", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Repository.Root, path)),
        ];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Write_WhatTheRuntimeWrote_IsTheSameToTheByte(string sample)
    {
        // The runtime writes fields in their order, as every canonical writer does.
        using var world = new PassWorld();
        world.With("model.onnx", await ReadAsync(Path.Combine(Repository.Root, sample)));
        var written = await ReadAsync(Path.Combine(await world.RunAsync("onnx-optimize"), "model.onnx"));

        Assert.Equal(written, ModelProto.Parser.ParseFrom(written).ToByteArray());
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Write_WhatWasWrittenInAnotherOrder_MeansTheSame(string sample)
    {
        var model = ModelProto.Parser.ParseFrom(await ReadAsync(Path.Combine(Repository.Root, sample)));

        var again = ModelProto.Parser.ParseFrom(model.ToByteArray());

        Assert.Equal(model, again);
        Assert.NotEmpty(model.Graph.Node);
    }

    [Fact]
    public void Write_FieldsThatAreNotKnown_AreKept()
    {
        // Field 20 of a model (training) and field 9 of a node (metadata), neither of which onnx.proto has.
        byte[] node = [0x22, 1, (byte)'A', 0x4A, 3, 0x0A, 1, (byte)'k'];
        byte[] graph = [0x0A, (byte)node.Length, .. node];
        byte[] model = [0x08, 8, 0x3A, (byte)graph.Length, .. graph, 0xA2, 1, 2, 0x08, 1];

        Assert.Equal(model, ModelProto.Parser.ParseFrom(model).ToByteArray());
    }

    private static Task<byte[]> ReadAsync(string path) =>
        File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
}
