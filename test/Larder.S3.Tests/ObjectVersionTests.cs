namespace Larder.S3.Tests;

public sealed class ObjectVersionTests
{
    [Theory]
    [InlineData("\"abc\"", true)]
    [InlineData("\"abc\"", false)]
    [InlineData("abc-3", false)]
    [InlineData("W/\"abc\"", true)]
    [InlineData("\"etag=object etag=\"", false)]
    public void Parse_WhatWasWritten_IsTheSame(string etag, bool isSingle)
    {
        var version = ObjectVersion.Of(etag, isSingle)!.Value;

        Assert.Equal(version, ObjectVersion.Parse(version.ToString()));
        Assert.Equal(isSingle, ObjectVersion.Parse(version.ToString()).IsSingle);
    }

    [Fact]
    public void Of_QuotedOrNot_IsTheSame() =>
        Assert.Equal(ObjectVersion.Of("abc", isSingle: false), ObjectVersion.Of("\"abc\"", isSingle: false));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("\"\"")]
    public void Of_None_IsNull(string? etag) => Assert.Null(ObjectVersion.Of(etag, isSingle: false));
}
