namespace ModelGenerator.Commands;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("7B", 7)]
    [InlineData("20kB", 20_000)]
    [InlineData("1KiB", 1024)]
    [InlineData("256MiB", 268_435_456)]
    [InlineData("3gb", 3_000_000_000)]
    [InlineData("8GiB", 8_589_934_592)]
    public void TryParse_Size_GivesItsBytes(string text, long expected)
    {
        Assert.True(ByteSize.TryParse(text, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5GB")]
    [InlineData("1 GB")]
    [InlineData("1TB")]
    [InlineData("9999999999GiB")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(ByteSize.TryParse(text, out _));
}
