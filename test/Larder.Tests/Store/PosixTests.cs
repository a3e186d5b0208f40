using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Store;

public sealed class PosixTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public void Sync_ErrorOfTheSystem_IsThrownAndNotSwallowed()
    {
        using var device = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);

        var error = Assert.Throws<IOException>(() => Posix.Sync(device, "/dev/null"));

        Assert.StartsWith("fsync '/dev/null': ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SyncDirectory_Directory_Succeeds() => Posix.SyncDirectory(_directory.Path);

    [Fact]
    public void SyncDirectory_Missing_Throws() =>
        Assert.Equal(Posix.ENOENT, Assert.Throws<IOException>(() => Posix.SyncDirectory(_directory["missing"])).HResult);

    [Fact]
    public void TryLink_NameTaken_IsFalseAndLeavesTheOther()
    {
        File.WriteAllText(_directory["a"], "a");
        File.WriteAllText(_directory["b"], "b");

        Assert.False(Posix.TryLink(_directory["a"], _directory["b"]));
        Assert.Equal("b", File.ReadAllText(_directory["b"]));
    }

    [Fact]
    public void Rename_ToAnotherFileSystem_IsRefusedAndNotCopied()
    {
        const string other = "/dev/shm";
        File.WriteAllText(_directory["a"], "a");
        Posix.TryStatus(_directory.Path, out var here);
        Assert.SkipUnless(Posix.TryStatus(other, out var there) && there.Device != here.Device, "there is one file system only");

        var refused = Assert.Throws<IOException>(() => Posix.Rename(_directory["a"], $"{other}/{Guid.NewGuid():n}"));

        Assert.Equal(Posix.EXDEV, refused.HResult);
        Assert.True(File.Exists(_directory["a"]));
    }

    [Fact]
    public void TryRenameDirectory_OntoAFullDirectoryOrAFile_IsFalse()
    {
        Directory.CreateDirectory(_directory["from"]);
        Directory.CreateDirectory(_directory["full/inside"]);
        File.WriteAllText(_directory["file"], "");

        Assert.False(Posix.TryRenameDirectory(_directory["from"], _directory["full"]));
        Assert.False(Posix.TryRenameDirectory(_directory["from"], _directory["file"]));
    }

    [Fact]
    public void TryExchange_TwoNames_SwapsThem()
    {
        File.WriteAllText(_directory["a"], "a");
        File.WriteAllText(_directory["b"], "b");

        Assert.True(Posix.TryExchange(_directory["a"], _directory["b"]));

        Assert.Equal(("b", "a"), (File.ReadAllText(_directory["a"]), File.ReadAllText(_directory["b"])));
    }

    [Fact]
    public void TryStatus_File_TellsWhatTheSystemKnows()
    {
        File.WriteAllBytes(_directory["a"], new byte[5]);
        File.CreateSymbolicLink(_directory["link"], "a");

        Assert.True(Posix.TryStatus(_directory["link"], out var file) && file is { IsFile: true, SizeBytes: 5, Links: 1 });
        Assert.True(Posix.TryStatus(_directory["link"], followLinks: false, out var link) && link is { IsLink: true, IsFile: false });
        Assert.False(Posix.TryStatus(_directory["a/below"], out _));
    }

    public void Dispose() => _directory.Dispose();
}
