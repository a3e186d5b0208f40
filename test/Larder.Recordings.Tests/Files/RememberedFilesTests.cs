using Larder.Recordings.Files;
using Larder.TestKit;

namespace Larder.Recordings.Tests.Files;

public sealed class RememberedFilesTests : IDisposable
{
    private const int Size = 10_000;

    private readonly TempDirectory _temp = new();
    private readonly RememberedFiles _files = new(3 * (Size + 1024), Samples.Later());

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Keep_MoreThanFit_ForgetsTheLeastRecentlyUsed()
    {
        Keep("a");
        Keep("b");
        Keep("c");
        Assert.NotNull(Find("a"));

        Keep("d");

        Assert.Null(Find("b"));
        Assert.All(["a", "c", "d"], name => Assert.Equal(name, Find(name)));
    }

    [Fact]
    public void Keep_LargerThanAll_ForgetsNothingForIt()
    {
        Keep("a");

        Keep("large", 4 * Size);

        Assert.Null(Find("large"));
        Assert.Equal("a", Find("a"));
    }

    [Fact]
    public void Keep_SameFileAgain_CountsOnce()
    {
        for (var i = 0; i < 10; i++)
            Keep("a");
        Keep("b");
        Keep("c");

        Assert.All(["a", "b", "c"], name => Assert.Equal(name, Find(name)));
    }

    [Fact]
    public void Find_ChangedFile_IsForgotten()
    {
        Keep("a");
        File.WriteAllBytes(_temp["a"], new byte[Size + 1]);

        Assert.Null(Find("a"));
    }

    private void Keep(string name, int size = Size)
    {
        if (!File.Exists(_temp[name]))
            File.WriteAllBytes(_temp[name], new byte[size]);
        Assert.True(FileBytes.TryStatus(_temp[name], out var status));
        _files.Keep(_temp[name], status, name);
    }

    private string? Find(string name) =>
        FileBytes.TryStatus(_temp[name], out var status) ? _files.Find<string>(_temp[name], status) : null;
}
