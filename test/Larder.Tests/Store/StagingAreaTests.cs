using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Store;

public sealed class StagingAreaTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly StoreLayout _layout;

    public StagingAreaTests()
    {
        _layout = new StoreLayout(_directory.Path);
        Directory.CreateDirectory(_layout.Staging);
    }

    [Fact]
    public void Dispose_WithFilesInside_LeavesNothing()
    {
        using (var staging = StagingArea.Create(_layout))
            StagingArea.CreateFile(staging.NewPath(), 10).Dispose();

        Assert.Empty(Directory.EnumerateFileSystemEntries(_layout.Staging));
    }

    [Fact]
    public void Sweep_LivingArea_StaysAsItIs()
    {
        using var staging = StagingArea.Create(_layout);
        var path = staging.NewPath();
        StagingArea.CreateFile(path, 10).Dispose();

        Assert.Equal(0, StagingArea.Sweep(_layout).Count);
        Assert.True(File.Exists(path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sweep_AreaOfADeadWriter_IsRemoved(bool withLockFile)
    {
        var area = Path.Combine(_layout.Staging, "dead");
        Directory.CreateDirectory(area);
        File.WriteAllText(Path.Combine(area, "1"), "half a file");
        if (withLockFile)
            File.WriteAllText(area + ".lock", "");

        Assert.Equal((1, true), StagingArea.Sweep(_layout));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_layout.Staging));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sweep_AreaOfADeadWriter_TellsWhetherItChangedNames(bool changesNames)
    {
        var dead = Path.Combine(_layout.Staging, "dead.lock");
        using (var staging = StagingArea.Create(_layout))
        {
            staging.Mark = new StagingMark(7, changesNames);
            using var living = Posix.TryOpenLocked(StagingArea.Locks(_layout).Single())!;
            var mark = new byte[RandomAccess.GetLength(living)];
            RandomAccess.Read(living, mark, fileOffset: 0);
            File.WriteAllBytes(dead, mark);
        }
        Directory.CreateDirectory(StagingArea.PathOf(dead));

        Assert.Equal((1, changesNames), StagingArea.Sweep(_layout));
    }

    [Fact]
    public void Sweep_AreaThatCannotBeRemoved_StaysAndIsNoFailure()
    {
        var area = Path.Combine(_layout.Staging, "dead");
        var inside = Path.Combine(area, "1");
        Directory.CreateDirectory(inside);
        Assert.SkipUnless(Immutable.TrySet(inside, true), "nothing can be made immutable for this user here");
        try
        {
            Assert.Equal(0, StagingArea.Sweep(_layout).Count);
        }
        finally
        {
            Immutable.TrySet(inside, false);
        }
    }

    [Fact]
    public void Sweep_LockOfAWriterThatHadNoAreaYet_IsRemovedAndNotCounted()
    {
        File.WriteAllText(Path.Combine(_layout.Staging, "dead.lock"), "");

        Assert.Equal(0, StagingArea.Sweep(_layout).Count);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_layout.Staging));
    }

    [Fact]
    public void IsLocked_OrdinaryFileSystem_IsTrue()
    {
        using var staging = StagingArea.Create(_layout);

        Assert.True(staging.IsLocked());
    }

    [Fact]
    public void CreateFile_Always_IsTheOwnersAlone()
    {
        using var staging = StagingArea.Create(_layout);
        var path = staging.NewPath();

        using var file = StagingArea.CreateFile(path, 10);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void CreateFile_MoreThanTheDiskHas_FailsAsAFullDisk()
    {
        using var staging = StagingArea.Create(_layout);

        var full = Assert.Throws<IOException>(() => StagingArea.CreateFile(staging.NewPath(), 1L << 50).Dispose());

        Assert.Equal(Posix.ENOSPC, full.HResult);
    }

    public void Dispose() => _directory.Dispose();
}
