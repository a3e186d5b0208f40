namespace ModelGenerator.Onnx;

public sealed class OnnxTensorTests
{
    [Fact]
    public void Of_Numbers_WritesShapeTypeNameAndLittleEndianBytes()
    {
        var tensor = Read(OnnxTensor.Of("w", [2, 1], 1, -2));

        Assert.Equal([2, 1], tensor.Packed(1));
        Assert.Equal((long)OnnxType.Int32, tensor.Integer(2));
        Assert.Equal("w", tensor.Text(8));
        Assert.Equal([1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff], tensor.Bytes(9));
    }

    [Fact]
    public void Of_EachElementType_WritesOnnxsNumberForIt()
    {
        Assert.Equal(OnnxType.Float, TypeOf(OnnxTensor.Of("w", [], 1f)));
        Assert.Equal(OnnxType.Double, TypeOf(OnnxTensor.Of("w", [], 1d)));
        Assert.Equal(OnnxType.Float16, TypeOf(OnnxTensor.Of("w", [], Half.One)));
        Assert.Equal(OnnxType.Bool, TypeOf(OnnxTensor.Of("w", [], true)));
        Assert.Equal(OnnxType.Int8, TypeOf(OnnxTensor.Of("w", [], (sbyte)1)));
        Assert.Equal(OnnxType.Int16, TypeOf(OnnxTensor.Of("w", [], (short)1)));
        Assert.Equal(OnnxType.Int64, TypeOf(OnnxTensor.Of("w", [], 1L)));
        Assert.Equal(OnnxType.UInt8, TypeOf(OnnxTensor.Of("w", [], (byte)1)));
        Assert.Equal(OnnxType.UInt16, TypeOf(OnnxTensor.Of("w", [], (ushort)1)));
        Assert.Equal(OnnxType.UInt32, TypeOf(OnnxTensor.Of("w", [], 1u)));
        Assert.Equal(OnnxType.UInt64, TypeOf(OnnxTensor.Of("w", [], 1ul)));
    }

    [Fact]
    public void OfStrings_Texts_WritesEachInUtf8()
    {
        var tensor = Read(OnnxTensor.OfStrings("w", [2], "no", "não"));

        Assert.Equal((long)OnnxType.String, tensor.Integer(2));
        Assert.Equal(["no", "não"], tensor.Texts(6));
    }

    [Fact]
    public void External_Tensor_NamesTheFileAndHoldsNoBytes()
    {
        var tensor = Read(OnnxTensor.External("w", OnnxType.Float, [3], "w.bin", offsetBytes: 4096, sizeBytes: 12));

        Assert.False(tensor.Has(9));
        Assert.Equal(1, tensor.Integer(14));
        Assert.Equal(
            ["location=w.bin", "offset=4096", "length=12"],
            tensor.Messages(13).Select(entry => $"{entry.Text(1)}={entry.Text(2)}")
        );
    }

    [Fact]
    public void Of_ShapeOfAnotherSize_SaysWhatIsNeeded()
    {
        var error = Assert.Throws<ArgumentException>(() => OnnxTensor.Of("w", [2, 3], 1f, 2f));

        Assert.StartsWith("Tensor 'w' of shape [2, 3] needs 6 values, not 2.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TypeThatOnnxLacks_Throws() =>
        Assert.Throws<NotSupportedException>(() => OnnxTensor.Of("w", [], Guid.Empty));

    private static OnnxType TypeOf(OnnxTensor tensor) => (OnnxType)Read(tensor).Integer(2);

    private static WireMessage Read(OnnxTensor tensor)
    {
        using var stream = new MemoryStream();
        tensor.Message.WriteTo(stream);
        return new WireMessage(stream.ToArray());
    }
}
