namespace ModelGenerator.Video;

public sealed class ClipComparisonTests
{
    [Fact]
    public void Psnr_DifferenceOfATenthOfThePeak_Is20()
    {
        Assert.Equal(20, ClipComparison.Psnr([0.2f, -0.2f], [0, 0]), tolerance: 1e-5);
        Assert.Equal(double.PositiveInfinity, ClipComparison.Psnr([0.5f], [0.5f]));
    }

    [Fact]
    public void RelativeDistance_Doubled_IsOne() =>
        Assert.Equal(1, ClipComparison.RelativeDistance([2, 4], [1, 2]), tolerance: 1e-12);

    [Fact]
    public void SquaredDistance_OtherLength_IsRefused() =>
        Assert.Throws<ArgumentException>(() => ClipComparison.SquaredDistance([1, 2], [1]));
}
