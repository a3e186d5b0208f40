using Larder.Recordings.Requests;

namespace Larder.Recordings.Tests.Requests;

public sealed class RootedPathsTests
{
    private static readonly RootedPaths Paths = new("/home/me/repo/");

    [Theory]
    [InlineData("/home/me/repo", "${root}")]
    [InlineData("/home/me/repo/", "${root}/")]
    [InlineData("/home/me/repo/a/b.png", "${root}/a/b.png")]
    [InlineData("/home/me/repo/a/../b", "${root}/a/../b")]
    [InlineData("file:///home/me/repo/a", "file://${root}/a")]
    [InlineData("/home/me/repository", "/home/me/repository")]
    [InlineData("/home/me/repo/../other", "/home/me/repo/../other")]
    [InlineData("/home/me", "/home/me")]
    [InlineData("see /home/me/repo/a", "see /home/me/repo/a")]
    [InlineData("a/b.png", "a/b.png")]
    [InlineData("", "")]
    [InlineData("/home/me/repo/\0", "/home/me/repo/\0")]
    [InlineData("${root}", "$${root}")]
    [InlineData("${root}/a", "$${root}/a")]
    [InlineData("$${root}/a", "$$${root}/a")]
    [InlineData("file://${root}/a", "file://$${root}/a")]
    [InlineData("$root", "$root")]
    [InlineData("$ {root}", "$ {root}")]
    public void Shorten_Text_IsRelativeOnlyBelowTheRoot(string text, string expected)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The paths are those of other systems.");

        Assert.Equal(expected, Paths.Shorten(text));
    }

    [Fact]
    public void Of_SameCallBelowAnotherRoot_HasTheSameKey()
    {
        Assert.Equal(Below("/a/one"), Below("/b/c/two"));

        static string Below(string root) =>
            Asked.Value(
                new Dictionary<string, object>
                {
                    [Path.Combine(root, "name")] = new[] { root, Path.Combine(root, "x", "y.png") },
                    ["other"] = "/a",
                },
                Asked.Forms(root: root)
            );
    }

    [Theory]
    [InlineData("/home/me/repo/a.png", "${root}/a.png")]
    [InlineData("/home/me/repo", "${root}")]
    [InlineData("/home/me/repos/a", "/home/me/repos/a")]
    [InlineData("see /home/me/repo/a", "see /home/me/repo/a")]
    [InlineData("${root}/a", "$${root}/a")]
    [InlineData("$${root}", "$$${root}")]
    [InlineData("$5", "$5")]
    [InlineData("{root}", "{root}")]
    [InlineData("", "")]
    public void Shorten_Text_StandsInTheRecordingAsThisAndComesBack(string text, string written)
    {
        Assert.Equal(written, Paths.Shorten(text));
        Assert.Equal(text, Paths.Restore(written));
    }

    [Fact]
    public void Restore_OnAnotherMachine_IsBelowItsRoot() =>
        Assert.Equal("/build/7/a", new RootedPaths("/build/7").Restore(Paths.Shorten("/home/me/repo/a")));

    [Fact]
    public void Shorten_RootOfTheFileSystem_ChangesNoPath()
    {
        Assert.Equal("/a", new RootedPaths("/").Shorten("/a"));
        Assert.Equal("${root}/a", new RootedPaths("/").Restore("${root}/a"));
        Assert.Equal("${root}/a", new RootedPaths("/").Restore(new RootedPaths("/").Shorten("${root}/a")));
    }
}
