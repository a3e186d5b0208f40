namespace Larder.Onnx.Tests;

public sealed class TensorTests
{
    [Fact]
    public void ToString_NamesTypeAndShape() =>
        Assert.Equal("float32[2,3]", new Tensor<float>(new float[6], 2, 3).ToString());

    [Fact]
    public void Constructor_NoShape_IsAScalar()
    {
        var scalar = new Tensor<string>(new[] { "one" });

        Assert.Empty(scalar.Shape);
        Assert.Equal(1, scalar.Length);
    }

    [Fact]
    public void Constructor_ZeroSize_HasNoElements() =>
        Assert.Equal(0, new Tensor<int>(Array.Empty<int>(), 3, 0).Length);

    [Fact]
    public void Constructor_LengthDoesNotFillTheShape_Throws()
    {
        var failure = Assert.Throws<ArgumentException>(() => new Tensor<float>(new float[5], 2, 3));

        Assert.Contains("5 elements do not fill float32[2,3]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NegativeSize_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Tensor<float>(Array.Empty<float>(), -1));

    [Fact]
    public void Constructor_ProductOfSizesOverflows_Throws() =>
        // The product is 2^64, which would wrap to the 0 elements that are given.
        Assert.Throws<ArgumentException>(() => new Tensor<float>(Array.Empty<float>(), 1L << 32, 1L << 32));

    [Fact]
    public void Constructor_TypeWithoutTensors_Throws() =>
        Assert.Throws<NotSupportedException>(() => new Tensor<decimal>(new decimal[1]));

    [Fact]
    public void Spec_ToString_NamesFreeDimensions()
    {
        Assert.Equal(
            "float32[batch,3,?]",
            new TensorSpec("x", TensorElementType.Float32, [new(null, "batch"), new(3), new()]).ToString()
        );
        Assert.Equal("string[]", new TensorSpec("x", TensorElementType.String, []).ToString());
        Assert.Equal("bool[...]", new TensorSpec("x", TensorElementType.Bool, []) { HasShape = false }.ToString());
    }
}
