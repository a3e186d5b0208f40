using Larder.Recordings.Requests;

namespace Larder.Recordings.Tests.Requests;

public sealed class RootPathsTests
{
    private readonly RootPaths _paths = new("/home/ann/project/");

    [Theory]
    [InlineData("/home/ann/project/a.png", "${root}/a.png")]
    [InlineData("/home/ann/project", "${root}")]
    [InlineData("/home/ann/projects/a", "/home/ann/projects/a")]
    [InlineData("see /home/ann/project/a", "see /home/ann/project/a")]
    [InlineData("${root}/a", "$${root}/a")]
    [InlineData("$${root}", "$$${root}")]
    [InlineData("$5", "$5")]
    [InlineData("{root}", "{root}")]
    [InlineData("", "")]
    public void Write_Text_StandsInTheRecordingAsThisAndComesBack(string text, string written)
    {
        Assert.Equal(written, _paths.Write(text));
        Assert.Equal(text, _paths.Read(written));
    }

    [Fact]
    public void Read_OnAnotherMachine_IsBelowItsRoot() =>
        Assert.Equal("/build/7/a", new RootPaths("/build/7").Read(_paths.Write("/home/ann/project/a")));

    [Fact]
    public void Write_RootOfTheFileSystem_ChangesNoPath()
    {
        Assert.Equal("/a", new RootPaths("/").Write("/a"));
        Assert.Equal("${root}/a", new RootPaths("/").Read("${root}/a"));
        Assert.Equal("${root}/a", new RootPaths("/").Read(new RootPaths("/").Write("${root}/a")));
    }
}
