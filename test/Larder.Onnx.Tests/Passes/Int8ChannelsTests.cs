using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Larder.Onnx.Passes;

namespace Larder.Onnx.Tests.Passes;

public sealed class Int8ChannelsTests
{
    [Fact]
    public void Quantize_AnyWeights_IsOffByAtMostHalfAScale()
    {
        var finite = ArbMap.Default.GeneratorFor<int>().Select(BitConverter.Int32BitsToSingle).Where(float.IsFinite);
        var alike = Gen.Choose(-1000, 1000).Select(value => value * 0.37f);
        var weights = Gen.OneOf(finite, alike).ArrayOf(24);
        Prop.ForAll(Arb.From(weights), values => IsNear(values, channels: 4, inner: 3))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void Of_ChannelOfZeros_HasAScaleAndZeros()
    {
        float[] values = [0, 0, 1, -2];

        var int8 = Int8Channels.Of([values], channels: 2, inner: 2)!;

        Assert.Equal([1f, 2f / 127], int8.Scales);
        Assert.Equal([0, 0, 64, -127], Numbers(int8, values));
    }

    [Fact]
    public void Of_LargestNumberThereIs_StaysFiniteWhenItIsMultipliedAgain()
    {
        float[] values = [float.MaxValue, -float.MaxValue];

        var int8 = Int8Channels.Of([values], channels: 1, inner: 1)!;

        Assert.All(Numbers(int8, values), number => Assert.True(float.IsFinite(number * int8.Scales[0])));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Of_NoNumber_IsRefused(float value) => Assert.Null(Int8Channels.Of([new[] { 1f, value }], 1, 1));

    [Fact]
    public void Of_SeveralPieces_CountsOnFromOneToTheNext()
    {
        float[] values = [1, 2, 3, 4, 5, 6, 7, 8];

        var whole = Int8Channels.Of([values], channels: 2, inner: 3)!;
        var cut = Int8Channels.Of([values.AsMemory(0, 4), values.AsMemory(4)], channels: 2, inner: 3)!;

        Assert.Equal(whole.Scales, cut.Scales);
        Assert.Equal(
            Numbers(whole, values).ToList(),
            [.. cut.Quantize([values.AsMemory(0, 4), values.AsMemory(4)]).SelectMany(Signed)]
        );
    }

    private static bool IsNear(float[] values, int channels, int inner)
    {
        var int8 = Int8Channels.Of([values], channels, inner)!;
        var numbers = Numbers(int8, values);
        return values
            .Select(
                (value, i) =>
                    (Value: (double)value, Scale: (double)int8.Scales[i / inner % channels], Number: numbers[i])
            )
            // Both sides in 64 bits: what is left over is the rounding of the test itself.
            .All(each => Math.Abs(each.Value - (each.Number * each.Scale)) <= each.Scale / 2 * (1 + 1e-12));
    }

    private static sbyte[] Numbers(Int8Channels int8, float[] values) =>
        [.. int8.Quantize([values]).SelectMany(Signed)];

    private static sbyte[] Signed(ReadOnlyMemory<byte> piece) => MemoryMarshal.Cast<byte, sbyte>(piece.Span).ToArray();
}
