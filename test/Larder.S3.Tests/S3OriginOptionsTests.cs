namespace Larder.S3.Tests;

public sealed class S3OriginOptionsTests
{
    [Theory]
    [InlineData("127.0.0.1:7480")]
    [InlineData("s3.example.com")]
    [InlineData("s3://bucket")]
    [InlineData("")]
    public void Origin_EndpointThatIsNone_IsExplained(string endpoint) =>
        Assert.Contains(
            "is no address of a server",
            Assert.Throws<ArgumentException>(() => new S3Origin(new() { Endpoint = endpoint })).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Origin_OtherOptionsThatCannotBe_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new S3Origin(new() { Region = "eu central" }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new S3Origin(new() { AnswerTimeout = TimeSpan.Zero }));
    }

    [Fact]
    public void Origin_NeverAsked_IsDisposedWithoutAConnection()
    {
        var origin = new S3Origin();

        origin.Dispose();

        Assert.Equal(("s3", "s3"), (origin.Name, Assert.Single(origin.Schemes)));
    }
}
