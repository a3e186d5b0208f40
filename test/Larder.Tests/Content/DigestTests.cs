using Larder.Content;

namespace Larder.Tests.Content;

public sealed class DigestTests
{
    // FIPS 180-2, appendix B.1.
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Of_Abc_IsTheStandardsOwnExample() => Assert.Equal(OfAbc, Digest.Of("abc"u8).ToString());

    [Fact]
    public void Parse_TextOfARandomDigest_GivesTheDigestBack() =>
        Property.Holds(
            (byte[] bytes) =>
            {
                var digest = Digest.Of(bytes);
                return Digest.Parse(digest.ToString()) == digest;
            }
        );

    [Fact]
    public void FromBytes_CopiedBytes_GivesTheDigestBack()
    {
        byte[] copy = new byte[Digest.SizeBytes];
        Digest.Parse(OfAbc).CopyTo(copy);

        Assert.Equal(Digest.Parse(OfAbc), Digest.FromBytes(copy));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void FromBytes_WrongLength_Throws(int length) =>
        Assert.Throws<ArgumentException>(() => Digest.FromBytes(new byte[length]));

    [Fact]
    public void CopyTo_ShortDestination_Throws() =>
        Assert.Throws<ArgumentException>(() => Digest.Parse(OfAbc).CopyTo(new byte[31]));

    [Theory]
    [InlineData("")]
    [InlineData("ba7816bf")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(" a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0")]
    public void Parse_NotSixtyFourLowerCaseHexDigits_Throws(string text)
    {
        var failure = Assert.Throws<FormatException>(() => Digest.Parse(text));

        Assert.Contains($"'{text}'", failure.Message, StringComparison.Ordinal);
        Assert.False(Digest.TryParse(text, out _));
    }

    [Fact]
    public void CompareTo_RandomDigests_OrdersAsTheirTextDoes() =>
        Property.Holds(
            (byte[] left, byte[] right) =>
            {
                (Digest a, Digest b) = (Digest.Of(left), Digest.Of(right));
                return Math.Sign(a.CompareTo(b)) == Math.Sign(string.CompareOrdinal(a.ToString(), b.ToString()));
            }
        );
}
