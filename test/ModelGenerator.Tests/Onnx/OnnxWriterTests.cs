namespace ModelGenerator.Onnx;

public sealed class OnnxWriterTests
{
    [Fact]
    public void ToArray_Defaults_WritesFormatProducerAndOperatorSet()
    {
        var model = new WireMessage(new OnnxWriter("empty").ToArray());

        Assert.Equal(9, model.Integer(1));
        Assert.Equal("larder-samples", model.Text(2));
        Assert.Equal("empty", model.Message(7).Text(2));
        Assert.Equal(20, Assert.Single(model.Messages(8)).Integer(2));
    }

    [Fact]
    public void Opset_SeveralDomains_WritesEachOnce()
    {
        var bytes = new OnnxWriter("g").Opset("ai.onnx.ml", 4).Opset("", 17).ToArray();

        var opsets = new WireMessage(bytes).Messages(8).Select(opset => $"{opset.Text(1)}:{opset.Integer(2)}");

        Assert.Equal([":17", "ai.onnx.ml:4"], opsets);
    }

    [Fact]
    public void Metadata_Entry_IsWritten()
    {
        var bytes = new OnnxWriter("g").Metadata("version", "v1").ToArray();

        var entry = Assert.Single(new WireMessage(bytes).Messages(14));

        Assert.Equal(("version", "v1"), (entry.Text(1), entry.Text(2)));
    }

    [Fact]
    public void Input_FixedAndNamedDimensions_WritesBoth()
    {
        var bytes = new OnnxWriter("g").Input("x", OnnxType.Bool, "batch", 3, default).ToArray();

        var input = Assert.Single(new WireMessage(bytes).Message(7).Messages(11));
        var type = input.Message(2).Message(1);
        var dimensions = type.Message(2).Messages(1).ToArray();

        Assert.Equal("x", input.Text(1));
        Assert.Equal((long)OnnxType.Bool, type.Integer(1));
        Assert.Equal("batch", dimensions[0].Text(2));
        Assert.Equal(3, dimensions[1].Integer(1));
        Assert.False(dimensions[2].Has(1) || dimensions[2].Has(2));
    }

    [Fact]
    public void Node_OfAnotherDomain_WritesAllItsParts()
    {
        var written = new OnnxNode("LabelEncoder", ["x", ""], ["y"])
        {
            Domain = "ai.onnx.ml",
            Attributes = [OnnxAttribute.Int("a", 1), OnnxAttribute.Int("b", 2)],
        };

        var node = Assert.Single(new WireMessage(new OnnxWriter("g").Node(written).ToArray()).Message(7).Messages(1));

        Assert.Equal(["x", ""], node.Texts(1));
        Assert.Equal(["y"], node.Texts(2));
        Assert.Equal("y", node.Text(3));
        Assert.Equal("LabelEncoder", node.Text(4));
        Assert.Equal(["a", "b"], node.Messages(5).Select(attribute => attribute.Text(1)));
        Assert.Equal("ai.onnx.ml", node.Text(7));
    }

    [Fact]
    public void WriteTo_StreamedWeight_StandsInTheGraphAsIfItHadBeenGiven()
    {
        byte[] values = [1, 2, 3];

        var given = new OnnxWriter("g").Weight(OnnxTensor.Of("w", [3], values)).ToArray();
        var streamed = new OnnxWriter("g")
            .Weight(OnnxTensor.Streamed("w", OnnxType.UInt8, [3], 3, stream => stream.Write(values)))
            .ToArray();

        Assert.Equal(given, streamed);
    }
}
