using Larder.Passes.Reports;

namespace Larder.Passes.Tests.Reports;

public sealed class WordingTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.0004, "0.4 ms")]
    [InlineData(0.25, "0.25 s")]
    [InlineData(59.96, "60.0 s")]
    [InlineData(300, "5 min")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(1e6, "11.6 days")]
    public void Seconds_OfAnyLength_HaveAFewDigits(double seconds, string expected) =>
        Assert.Equal(expected, Wording.Seconds(seconds));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0L, "0 B")]
    [InlineData(999_999L, "1.00 MB")]
    [InlineData(12_345_678L, "12.3 MB")]
    public void Bytes_OfAnySize_HaveThreeDigits(long? bytes, string expected) =>
        Assert.Equal(expected, Wording.Bytes(bytes));

    [Theory]
    [InlineData(100.0, 50.0, "−50\u00A0%")]
    [InlineData(100.0, 103.33, "+3.3\u00A0%")]
    [InlineData(-4.0, -2.0, "+50\u00A0%")]
    [InlineData(100.0, 100.01, "")]
    [InlineData(2.0, 25.0, "×12.5")]
    [InlineData(0.0, 5.0, "")]
    [InlineData(null, 5.0, "")]
    [InlineData(5.0, double.NaN, "")]
    public void Change_FromOneToTheOther_IsAShare(double? before, double? after, string expected) =>
        Assert.Equal(expected, Wording.Change(before, after));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.00004, "4e-5")]
    [InlineData(0.123456789, "0.123457")]
    [InlineData(1234.5678, "1,234.57")]
    [InlineData(3.2e12, "3.2e12")]
    [InlineData(double.NaN, "NaN")]
    public void Figure_OfAnySize_CanBeRead(double value, string expected) =>
        Assert.Equal(expected, Wording.Figure(value));

    [Theory]
    [InlineData("short", "short")]
    [InlineData("0123456789", "0123456789")]
    [InlineData("0123456789a", "01234…789a")]
    [InlineData("0123😀456789a", "0123…789a")]
    public void Shorten_TooLong_KeepsBothEnds(string text, string expected) =>
        Assert.Equal(expected, Wording.Shorten(text, 10));
}
