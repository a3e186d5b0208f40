using Larder.Server.Configuration;

namespace Larder.Server.Tests.Configuration;

public sealed class DurationTests
{
    [Theory]
    [InlineData("0 s", 0)]
    [InlineData("250 ms", 0.25)]
    [InlineData("30s", 30)]
    [InlineData("5 min", 300)]
    [InlineData("1.5 h", 5400)]
    [InlineData("7 d", 604800)]
    [InlineData("36600 d", 36600.0 * 86400)]
    public void TryParse_NumberAndUnit_Reads(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("min")]
    [InlineData("five min")]
    [InlineData("-1 s")]
    [InlineData("NaN s")]
    [InlineData("Infinity s")]
    [InlineData("36601 d")]
    [InlineData("5 MIN")]
    [InlineData("5 minutes")]
    [InlineData("1,5 h")]
    [InlineData("5 min 30 s")]
    public void TryParse_AnythingElse_DoesNot(string text) => Assert.False(Duration.TryParse(text, out _));
}
