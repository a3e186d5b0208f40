namespace Larder.Recordings.Tests;

public sealed class DeploymentTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(201)]
    public void Constructor_NameTooShortOrLong_Throws(int length) =>
        Assert.Throws<ArgumentException>(() => new Deployment(new string('a', length)));

    [Fact]
    public void Constructor_NameThatIsNoText_Throws() =>
        Assert.Throws<ArgumentException>(() => new Deployment("\ud800"));

    [Fact]
    public void With_WrongName_Throws() =>
        Assert.Throws<ArgumentException>(() => new Deployment("a") with { Name = "" });

    [Fact]
    public void Constructor_LongestName_IsKept() => Assert.Equal(200, new Deployment(new string('a', 200)).Name.Length);
}
