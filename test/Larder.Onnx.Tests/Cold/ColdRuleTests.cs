using Larder.Onnx.Cold;

namespace Larder.Onnx.Tests.Cold;

public sealed class ColdRuleTests
{
    [Theory]
    [InlineData(100_000, 49, false)] // Over before it is worth a file.
    [InlineData(100_000, 50, true)]
    [InlineData(12_500_000, 50, true)]
    [InlineData(12_500_001, 50, false)] // Mostly weights.
    [InlineData(268_000_000, 686, false)]
    [InlineData(4_000_000_000, 60_000, true)]
    public void IsWorthKeeping_ByTheTimeOfTheLoadAndTheSize(long sizeBytes, int milliseconds, bool isWorth) =>
        Assert.Equal(isWorth, new ColdRule().IsWorthKeeping(sizeBytes, TimeSpan.FromMilliseconds(milliseconds)));
}
