namespace ModelGenerator.Onnx;

public sealed class OnnxAttributeTests
{
    [Fact]
    public void Int_Value_IsWrittenWithItsType() =>
        Assert.Equal(-1, Read(OnnxAttribute.Int("a", -1), type: 2).Integer(3));

    [Fact]
    public void Float_Value_IsWrittenWithItsType() =>
        Assert.Equal(0.5f, Read(OnnxAttribute.Float("a", 0.5f), type: 1).Float(2));

    [Fact]
    public void String_Value_IsWrittenWithItsType() =>
        Assert.Equal("x", Read(OnnxAttribute.String("a", "x"), type: 3).Text(4));

    [Fact]
    public void Tensor_Value_IsWrittenWithItsType() =>
        Assert.Equal("w", Read(OnnxAttribute.Tensor("a", OnnxTensor.Of("w", [], 1f)), type: 4).Message(5).Text(8));

    [Fact]
    public void Floats_Values_AreWrittenWithTheirType() =>
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40], Read(OnnxAttribute.Floats("a", 1, 2), type: 6).Bytes(7));

    [Fact]
    public void Ints_Values_AreWrittenWithTheirType() =>
        Assert.Equal([3, -1], Read(OnnxAttribute.Ints("a", 3, -1), type: 7).Packed(8));

    [Fact]
    public void Strings_Values_AreWrittenWithTheirType() =>
        Assert.Equal(["x", ""], Read(OnnxAttribute.Strings("a", "x", ""), type: 8).Texts(9));

    private static WireMessage Read(OnnxAttribute attribute, int type)
    {
        using var stream = new MemoryStream();
        attribute.Message.WriteTo(stream);
        var message = new WireMessage(stream.ToArray());
        Assert.Equal("a", message.Text(1));
        Assert.Equal(type, message.Integer(20));
        return message;
    }
}
