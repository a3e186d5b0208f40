using FsCheck;
using FsCheck.Fluent;
using Larder.Onnx.Passes;

namespace Larder.Onnx.Tests.Passes;

public sealed class HalfConverterTests
{
    // All numbers that 16 bits can say, in their order.
    private static readonly double[] Halves =
    [
        .. Enumerable
            .Range(0, 1 << 16)
            .Select(bits => (double)BitConverter.UInt16BitsToHalf((ushort)bits))
            .Where(double.IsFinite)
            .Distinct()
            .Order(),
    ];

    [Fact]
    public void Convert_AnyBits_GivesTheNearestAndTheEvenOfTwo()
    {
        var bits = ArbMap.Default.GeneratorFor<int>();
        // Half of them within the range of float16, where the rounding is.
        var numbers = Gen.OneOf(
            bits.Select(BitConverter.Int32BitsToSingle),
            bits.Select(value => BitConverter.Int32BitsToSingle((value & ~0x7000_0000) | 0x3000_0000)),
            // Exactly between two halves.
            bits.Select(value => BetweenTwo(value & 0x3FFF))
        );
        Prop.ForAll(Arb.From(numbers), number => Matches(number)).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Theory]
    [InlineData(65519.996f, 65504f, 0)]
    [InlineData(65520f, 65504f, 1)]
    [InlineData(-1e30f, -65504f, 1)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity, 0)]
    public void Convert_TooLarge_IsClampedAndCounted(float number, float expected, long tooLarge)
    {
        var converter = new HalfConverter(Float16Overflow.Clamp);

        Assert.Equal((Half)expected, converter.Convert(number));
        Assert.Equal(tooLarge, converter.TooLarge);
    }

    [Fact]
    public void Convert_NotANumber_StaysNone() =>
        Assert.True(Half.IsNaN(new HalfConverter(Float16Overflow.Clamp).Convert(float.NaN)));

    private static float BetweenTwo(int place) =>
        (float)((Halves[(Halves.Length / 2) + place] + Halves[(Halves.Length / 2) + place + 1]) / 2);

    private static bool Matches(float number)
    {
        var half = new HalfConverter(Float16Overflow.Infinity).Convert(number);
        if (float.IsNaN(number))
            return Half.IsNaN(half);
        if (Math.Abs(number) >= 65520)
            return Half.IsInfinity(half) && Half.IsNegative(half) == float.IsNegative(number);
        var at = Array.BinarySearch(Halves, (double)number);
        if (at >= 0)
            return (double)half == number;
        // Searched for in the list of all there are, with exact differences: nothing is taken from the conversion itself.
        var below = ~at - 1 < 0 ? double.NegativeInfinity : Halves[~at - 1];
        var above = ~at == Halves.Length ? double.PositiveInfinity : Halves[~at];
        var isEven = (BitConverter.HalfToUInt16Bits(half) & 1) == 0;
        return (number - below).CompareTo(above - number) switch
        {
            < 0 => (double)half == below,
            > 0 => (double)half == above,
            _ => ((double)half == below || (double)half == above) && isEven,
        };
    }
}
