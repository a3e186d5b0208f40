using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Store;

public sealed class StoreMarkerTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Root => _directory["store"];

    private string Marker => Path.Combine(Root, StoreMarker.FileName);

    [Fact]
    public void OpenOrCreate_MissingDirectory_MakesAStoreOfTheCurrentFormat()
    {
        var marker = StoreMarker.OpenOrCreate(Root);

        Assert.Equal(StoreMarker.CurrentFormat, marker.Format);
        Assert.True(Guid.TryParse(marker.Id, out _));
        Assert.Equal(Marker, Assert.Single(Directory.EnumerateFileSystemEntries(Root)));
    }

    [Fact]
    public void OpenOrCreate_SecondTime_KeepsTheId() =>
        Assert.Equal(StoreMarker.OpenOrCreate(Root), StoreMarker.OpenOrCreate(Root));

    [Fact]
    public void SweepTemporary_LeftoverOfADeadStart_RemovesThatAndKeepsTheMarker()
    {
        StoreMarker.OpenOrCreate(Root);
        File.WriteAllText(Marker + ".3f0c", "half a mar");

        StoreMarker.SweepTemporary(Root);

        Assert.Equal(Marker, Assert.Single(Directory.EnumerateFileSystemEntries(Root)));
    }

    [Fact]
    public void OpenOrCreate_FreshFileSystem_IsAnEmptyDirectory()
    {
        Directory.CreateDirectory(Path.Combine(Root, "lost+found"));

        Assert.Equal(1, StoreMarker.OpenOrCreate(Root).Format);
    }

    [Fact]
    public async Task OpenOrCreate_16FirstStartsAtOnce_AgreeOnOneId()
    {
        using var together = new Barrier(16);
        var starts = Enumerable
            .Range(0, 16)
            .Select(_ =>
                Task.Factory.StartNew(
                    () =>
                    {
                        together.SignalAndWait(TestContext.Current.CancellationToken);
                        using var cache = new ModelCache(new ModelCacheOptions { StorePath = Root });
                        return StoreMarker.OpenOrCreate(Root).Id;
                    },
                    TestContext.Current.CancellationToken,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            );

        Assert.Single((await Task.WhenAll(starts)).Distinct(StringComparer.Ordinal));
        StoreAudit.AssertEmpty(Root);
    }

    [Fact]
    public void OpenOrCreate_DirectoryOfSomebodyElse_IsRefusedAndUntouched()
    {
        Directory.CreateDirectory(Root);
        File.WriteAllText(Path.Combine(Root, "thesis.tex"), "precious");

        var refused = Assert.Throws<StoreException>(() => StoreMarker.OpenOrCreate(Root));

        Assert.Contains("is not a Larder store", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--store", refused.Message, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact]
    public void OpenOrCreate_NewerFormat_IsRefusedWithBothNumbers()
    {
        Write("""{"format": 999, "id": "b7ff8d5e-2a86-4a25-b50a-4ee7d3a6a1f1"}""");

        var refused = Assert.Throws<StoreException>(() => StoreMarker.OpenOrCreate(Root));

        Assert.Contains("has format 999; this Larder reads up to 1", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("""{"format": "1", "id": "x"}""")]
    [InlineData("""{"format": 0, "id": "x"}""")]
    [InlineData("""{"format": 1}""")]
    [InlineData("""{"format": 1e99, "id": "x"}""")]
    public void OpenOrCreate_DamagedMarker_IsRefusedAndSaysWhatToWrite(string text)
    {
        Write(text);

        var refused = Assert.Throws<StoreException>(() => StoreMarker.OpenOrCreate(Root));

        Assert.Equal(Marker, refused.Path);
        Assert.Contains("is damaged", refused.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(Marker));
    }

    public void Dispose() => _directory.Dispose();

    private void Write(string text)
    {
        Directory.CreateDirectory(Root);
        File.WriteAllText(Marker, text);
    }
}
