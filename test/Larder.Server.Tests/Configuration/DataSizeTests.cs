using Larder.Server.Configuration;

namespace Larder.Server.Tests.Configuration;

public sealed class DataSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1234", 1234)]
    [InlineData("17 B", 17)]
    [InlineData("2 kB", 2000)]
    [InlineData("20 MB", 20_000_000)]
    [InlineData("20MB", 20_000_000)]
    [InlineData("1.5 GB", 1_500_000_000)]
    [InlineData("1 TB", 1_000_000_000_000)]
    [InlineData("3 KiB", 3072)]
    [InlineData("1 MiB", 1_048_576)]
    [InlineData("0.5 GiB", 536_870_912)]
    [InlineData("1 TiB", 1_099_511_627_776)]
    public void TryParse_NumberAndUnit_IsRead(string text, long expected)
    {
        Assert.True(DataSize.TryParse(text, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("many")]
    [InlineData("-1 MB")]
    [InlineData("1 mb")]
    [InlineData("NaN")]
    [InlineData("1e30")]
    [InlineData("5 min")]
    public void TryParse_AnythingElse_IsNoSize(string text) => Assert.False(DataSize.TryParse(text, out _));
}
