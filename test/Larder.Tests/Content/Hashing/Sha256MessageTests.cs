using Larder.Content.Hashing;

namespace Larder.Tests.Content.Hashing;

public sealed class Sha256MessageTests
{
    [Theory]
    [InlineData(0, 64, "0000000000000000")]
    [InlineData(55, 64, "00000000000001B8")]
    [InlineData(56, 128, "00000000000001C0")]
    [InlineData(63, 128, "00000000000001F8")]
    [InlineData(64, 64, "0000000000000200")]
    // Past 32 bits: of bits, of bytes, and the longest length there is.
    [InlineData(1L << 29, 64, "0000000100000000")]
    [InlineData((1L << 32) + 57, 128, "00000008000001C8")]
    [InlineData((1L << 61) - 1, 128, "FFFFFFFFFFFFFFF8")]
    public void Pad_BlockThatWasBegun_EndsInTheLengthInBits(long lengthBytes, int expectedSize, string expectedEnd)
    {
        var block = Enumerable.Repeat((byte)0xEE, 128).ToArray();

        var size = Sha256Message.Pad(block, lengthBytes);

        var begun = (int)(lengthBytes % 64);
        Assert.Equal(expectedSize, size);
        Assert.All(block[..begun], value => Assert.Equal(0xEE, value));
        Assert.Equal(0x80, block[begun]);
        Assert.All(block[(begun + 1)..(size - 8)], value => Assert.Equal(0, value));
        Assert.Equal(expectedEnd, Convert.ToHexString(block[(size - 8)..size]));
        Assert.All(block[size..], value => Assert.Equal(0xEE, value));
    }
}
