using Larder.Store.Scrub;
using Larder.TestKit;

namespace Larder.Tests.Store.Scrub;

public sealed class Crc32CTests
{
    // RFC 3720, B.4, and the check value of the catalogues.
    [Theory]
    [InlineData("313233343536373839", 0xE3069283)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AA)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x62A8AB43)]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", 0x46DD794E)]
    [InlineData("", 0)]
    public void Of_KnownBytes_IsTheKnownChecksum(string hex, uint expected) =>
        Assert.Equal(expected, Crc32C.Of(Convert.FromHexString(hex)));

    // Long ones are taken in another way, three pieces of 4096 bytes at once: just below, at and above its multiples.
    [Theory]
    [InlineData(4096)]
    [InlineData(12_287)]
    [InlineData(12_288)]
    [InlineData(12_297)]
    [InlineData(24_576)]
    [InlineData(100_003)]
    public void Append_LongBytes_IsTheChecksumByDefinition(int length)
    {
        var bytes = TestBytes.Of(length, seed: length);

        Assert.Equal(ByDefinition(bytes), Crc32C.Of(bytes));
        Assert.Equal(ByDefinition([1, 2, 3, .. bytes]), Crc32C.Append(Crc32C.Of([1, 2, 3]), bytes));
    }

    [Fact]
    public void Append_InTwoPieces_IsTheChecksumOfBoth() =>
        Property.Holds<byte[], byte[]>(
            (first, second) => Crc32C.Append(Crc32C.Of(first), second) == Crc32C.Of([.. first, .. second])
        );

    [Fact]
    public void Of_AnyBitFlipped_IsAnother()
    {
        var bytes = TestBytes.Of(100);
        var right = Crc32C.Of(bytes);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(right, Crc32C.Of(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    private static uint ByDefinition(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78;
        }
        return ~crc;
    }
}
