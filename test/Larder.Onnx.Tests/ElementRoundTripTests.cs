using Larder.TestKit;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests;

public sealed class ElementRoundTripTests
{
    [Fact]
    public void Identity_Float32_KeepsEveryBit() =>
        RoundTrip(0f, -0f, float.Epsilon, float.MaxValue, float.NegativeInfinity, float.NaN);

    [Fact]
    public void Identity_Float64_KeepsEveryBit() =>
        RoundTrip(0d, double.Epsilon, double.MinValue, double.PositiveInfinity, double.NaN);

    [Fact]
    public void Identity_Float16_KeepsEveryBit() => RoundTrip(Half.Zero, Half.MaxValue, Half.Epsilon, Half.NaN);

    [Fact]
    public void Identity_Int8_KeepsEveryBit() => RoundTrip(sbyte.MinValue, (sbyte)-1, sbyte.MaxValue);

    [Fact]
    public void Identity_Int16_KeepsEveryBit() => RoundTrip(short.MinValue, (short)-1, short.MaxValue);

    [Fact]
    public void Identity_Int32_KeepsEveryBit() => RoundTrip(int.MinValue, -1, int.MaxValue);

    [Fact]
    public void Identity_Int64_KeepsEveryBit() => RoundTrip(long.MinValue, -1L, long.MaxValue);

    [Fact]
    public void Identity_UInt8_KeepsEveryBit() => RoundTrip(byte.MinValue, byte.MaxValue);

    [Fact]
    public void Identity_UInt16_KeepsEveryBit() => RoundTrip(ushort.MinValue, ushort.MaxValue);

    [Fact]
    public void Identity_UInt32_KeepsEveryBit() => RoundTrip(uint.MinValue, uint.MaxValue);

    [Fact]
    public void Identity_UInt64_KeepsEveryBit() => RoundTrip(ulong.MinValue, ulong.MaxValue);

    [Fact]
    public void Identity_Bool_KeepsEveryBit() => RoundTrip(true, false, true);

    [Fact]
    public void Identity_String_KeepsEveryBit() =>
        RoundTrip("", "plain", "Zoë 東京 🏠", "a\0b", "\0", new string('x', 100_000));

    [Fact]
    public void Identity_NoNumbers_KeepsTheShape() => RoundTrip<float>([]);

    [Fact]
    public void Identity_NoStrings_KeepsTheShape() => RoundTrip<string>([]);

    private static void RoundTrip<T>(params T[] values)
        where T : notnull
    {
        using var directory = new TempDirectory();
        var type = ElementTypes.Of<T>();
        // The numbers of the types are those of the format on both sides.
        File.WriteAllBytes(directory["model.onnx"], Models.Identity((OnnxType)(int)type));
        using var model = OnnxModel.Load(directory["model.onnx"]);

        var output = model.Run(Named.Inputs(("x", Named.Vector(values))))["y"];

        Assert.Equal(type, model.Inputs[0].ElementType);
        Assert.Equal(type, output.ElementType);
        Assert.Equal([values.Length], output.Shape);
        Assert.Equal(values, Assert.IsType<Tensor<T>>(output).Data.ToArray());
    }
}
