namespace ModelGenerator.Onnx;

public sealed class ProtobufMessageTests
{
    [Theory]
    [InlineData(0, "0800")]
    [InlineData(127, "087F")]
    [InlineData(128, "088001")]
    [InlineData(150, "089601")]
    [InlineData(long.MaxValue, "08FFFFFFFFFFFFFFFF7F")]
    [InlineData(-1, "08FFFFFFFFFFFFFFFFFF01")]
    public void AddInteger_Value_WritesTheShortestVarint(long value, string expected)
    {
        var message = new ProtobufMessage();

        message.AddInteger(1, value);

        Assert.Equal(expected, Written(message));
    }

    [Fact]
    public void AddString_FieldAboveFifteen_WritesATagOfTwoBytes()
    {
        var message = new ProtobufMessage();

        message.AddString(16, "é");

        Assert.Equal("820102C3A9", Written(message));
    }

    [Fact]
    public void AddMessage_NestedFields_WritesTheirLengthFirst()
    {
        var inner = new ProtobufMessage();
        inner.AddFloat(2, 1);
        inner.AddPacked(3, [1L, 300L]);
        var message = new ProtobufMessage();

        message.AddMessage(1, inner);

        Assert.Equal("0A0A" + "150000803F" + "1A0301AC02", Written(message));
    }

    [Fact]
    public void AddBytes_ProducedWhileWriting_AsksForThemOnlyThen()
    {
        var asked = 0;
        var message = new ProtobufMessage();

        message.AddBytes(
            1,
            2,
            stream =>
            {
                asked++;
                stream.Write([7, 8]);
            }
        );

        Assert.Equal(0, asked);
        Assert.Equal("0A020708", Written(message));
        Assert.Equal(1, asked);
    }

    private static string Written(ProtobufMessage message)
    {
        using var stream = new MemoryStream();
        message.WriteTo(stream);
        Assert.Equal(message.Length, stream.Length);
        return Convert.ToHexString(stream.ToArray());
    }
}
