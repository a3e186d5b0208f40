using Larder.Sharing;
using Larder.TestKit;

namespace Larder.Tests.Sharing;

public sealed class FileSectionTests
{
    [Fact]
    public async Task Read_AnySeek_HasTheBytesOfTheSectionAndNoMore()
    {
        using var directory = new TempDirectory();
        var bytes = TestBytes.Of(10_000);
        await File.WriteAllBytesAsync(directory["file"], bytes, TestContext.Current.CancellationToken);
        using var file = File.OpenHandle(directory["file"]);
        await using var section = new FileSection(file, 1000, 5000);
        var all = new byte[6000];

        Assert.Equal(5000, await section.ReadAtLeastAsync(all, 6000, false, TestContext.Current.CancellationToken));
        Assert.Equal(bytes[1000..6000], all[..5000]);
        Assert.Equal(4990, section.Seek(-10, SeekOrigin.End));
        Assert.Equal(10, section.Read(all, 0, 6000));
        Assert.Equal(bytes[5990..6000], all[..10]);
        section.Position = 1;
        Assert.Equal(3, section.Seek(2, SeekOrigin.Current));
        Assert.Equal(bytes[1003], section.ReadByte());
        section.Position = 9000;
        Assert.Equal(-1, section.ReadByte());
        Assert.Equal(5000, section.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => section.Position = -1);
    }
}
