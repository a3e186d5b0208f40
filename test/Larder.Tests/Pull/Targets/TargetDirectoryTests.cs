using Larder.Content;
using Larder.Pull;
using Larder.Pull.Targets;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Pull.Targets;

public sealed class TargetDirectoryTests : IDisposable
{
    private static readonly PullOptions Stale = new() { FreshFor = TimeSpan.Zero };
    private static readonly byte[] Model = TestBytes.Of(3_000_000);

    private readonly TestStore _store = new();

    public TargetDirectoryTests() =>
        _store.Origin.Put("model.onnx", Model).Put("sub/deep/labels.txt", "cat dog"u8.ToArray()).Put("empty", []);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Here => _store["here"];

    [Fact]
    public async Task LayOutAsync_NothingThere_WritesOrdinaryFiles()
    {
        var result = await LayOutAsync();

        Assert.Equal(
            (3, 0, 0, 3_000_007),
            (result.FilesWritten, result.FilesKept, result.FilesRemoved, result.BytesWritten)
        );
        AssertHasVersion(("model.onnx", Model), ("sub/deep/labels.txt", "cat dog"u8.ToArray()), ("empty", []));
        Assert.All(
            Files(),
            path =>
            {
                Assert.Equal(TargetWriter.Mode, File.GetUnixFileMode(path));
                Assert.Equal(1u, StatusOf(path).Links);
            }
        );
    }

    [Fact]
    public async Task LayOutAsync_Again_TouchesNothing()
    {
        await LayOutAsync();
        var before = Directory
            .EnumerateFiles(Here, "*", SearchOption.AllDirectories)
            .ToDictionary(path => path, StatusOf);

        var result = await LayOutAsync();

        Assert.Equal((0, 3), (result.FilesWritten, result.FilesKept));
        Assert.Equal(
            before,
            Directory.EnumerateFiles(Here, "*", SearchOption.AllDirectories).ToDictionary(path => path, StatusOf)
        );
    }

    [Theory]
    [InlineData("longer")]
    [InlineData("silently")]
    [InlineData("gone")]
    [InlineData("empty")]
    public async Task LayOutAsync_FileIsAnother_IsWrittenAgain(string how)
    {
        await LayOutAsync();
        var path = Path.Join(Here, "model.onnx");
        switch (how)
        {
            case "longer":
                await File.AppendAllTextAsync(path, "more", Cancellation);
                break;
            case "silently":
                Tamper.Silently(path);
                break;
            case "gone":
                File.Delete(path);
                break;
            default:
                await File.WriteAllTextAsync(path, "", Cancellation);
                break;
        }

        var result = await LayOutAsync();

        Assert.Equal((1, 2), (result.FilesWritten, result.FilesKept));
        Assert.Equal(Model, await File.ReadAllBytesAsync(path, Cancellation));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"format": 2, "reference": "x", "version": null, "files": {}, "directories": []}""")]
    [InlineData("""{"format": 1, "reference": 5, "version": null, "files": {}, "directories": []}""")]
    public async Task LayOutAsync_ListIsGoneOrDamaged_ReadsTheFilesAndKeepsThem(string? list)
    {
        await LayOutAsync();
        if (list is null)
            File.Delete(Path.Join(Here, TargetRecord.FileName));
        else
            await File.WriteAllTextAsync(Path.Join(Here, TargetRecord.FileName), list, Cancellation);

        var result = await LayOutAsync();

        Assert.Equal((0, 3, 0), (result.FilesWritten, result.FilesKept, result.FilesRemoved));
        Assert.Equal(3, TargetRecord.Read(Here).Files.Count);
    }

    [Fact]
    public async Task LayOutAsync_NewVersion_WritesWhatChangedAndRemovesWhatIsGone()
    {
        await LayOutAsync();
        _store.Origin.Put("model.onnx", TestBytes.Of(100));
        _store.Origin.Remove("sub/deep/labels.txt");

        var result = await LayOutAsync();

        Assert.Equal((1, 1, 1), (result.FilesWritten, result.FilesKept, result.FilesRemoved));
        AssertHasVersion(("model.onnx", TestBytes.Of(100)), ("empty", []));
        Assert.False(Directory.Exists(Path.Join(Here, "sub")));
    }

    [Fact]
    public async Task LayOutAsync_FilesOfTheUser_StayWhateverTheModelDoes()
    {
        Directory.CreateDirectory(Path.Join(Here, "sub", "deep"));
        await File.WriteAllBytesAsync(Path.Join(Here, "model.onnx"), Model, Cancellation);
        await File.WriteAllTextAsync(Path.Join(Here, "sub", "notes"), "mine", Cancellation);
        var first = await LayOutAsync();
        await File.WriteAllTextAsync(Path.Join(Here, "empty"), "changed by hand", Cancellation);
        foreach (var path in new[] { "model.onnx", "sub/deep/labels.txt", "empty" })
            _store.Origin.Remove(path);
        _store.Origin.Put("other", [1]);

        var second = await LayOutAsync();

        Assert.Equal((2, 1), (first.FilesWritten, first.FilesKept));
        Assert.Equal((1, 1), (second.FilesWritten, second.FilesRemoved));
        // There before, made by hand, and changed by hand; 'sub/deep' was there too.
        AssertHas("model.onnx", Model);
        AssertHas("sub/notes", "mine"u8.ToArray());
        AssertHas("empty", "changed by hand"u8.ToArray());
        Assert.True(Directory.Exists(Path.Join(Here, "sub", "deep")));
    }

    [Fact]
    public async Task LayOutAsync_FileBecomesADirectoryAndBack_Follows()
    {
        _store.Origin.Put("a", [1]).Put("b/c", [2]);
        await LayOutAsync();
        _store.Origin.Remove("a");
        _store.Origin.Remove("b/c");
        _store.Origin.Put("a/d", [3]).Put("b", [4]);

        var result = await LayOutAsync();

        Assert.Equal((2, 2), (result.FilesWritten, result.FilesRemoved));
        AssertHas("a/d", [3]);
        AssertHas("b", [4]);
    }

    [Fact]
    public async Task LayOutAsync_LinkWithTheNameOfAFile_IsReplacedAndWhatItLeadsToIsNot()
    {
        Directory.CreateDirectory(Here);
        await File.WriteAllTextAsync(_store["outside"], "mine", Cancellation);
        File.CreateSymbolicLink(Path.Join(Here, "model.onnx"), _store["outside"]);

        await LayOutAsync();

        AssertHas("model.onnx", Model);
        Assert.Equal("mine", await File.ReadAllTextAsync(_store["outside"], Cancellation));
        Assert.Null(new FileInfo(Path.Join(Here, "model.onnx")).LinkTarget);
    }

    [Fact]
    public async Task LayOutAsync_LinkWithTheNameOfADirectory_IsNotFollowed()
    {
        Directory.CreateDirectory(Here);
        Directory.CreateDirectory(_store["outside"]);
        Directory.CreateSymbolicLink(Path.Join(Here, "sub"), _store["outside"]);

        var failure = await Assert.ThrowsAsync<LayOutException>(() => LayOutAsync());

        Assert.Contains("is a link", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store["outside"]));
    }

    [Theory]
    [InlineData("model.onnx/x", "is a directory, and the model has a file")]
    [InlineData("sub", "is there and no directory")]
    public async Task LayOutAsync_SomethingElseInTheWay_IsSaid(string path, string message)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(Here, path))!);
        await File.WriteAllTextAsync(Path.Join(Here, path), "mine", Cancellation);

        var failure = await Assert.ThrowsAsync<LayOutException>(() => LayOutAsync());

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        AssertHas(path, "mine"u8.ToArray());
        Assert.DoesNotContain(Files(), file => file.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LayOutAsync_TargetIsAFile_IsSaidBeforeAnythingIsFetched()
    {
        await File.WriteAllTextAsync(Here, "mine", Cancellation);

        Assert.Contains(
            "is a file",
            Assert.Throws<LayOutException>(() => new TargetDirectory(Here).ThrowIfUnusable()).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "cannot be made",
            Assert.Throws<LayOutException>(() => new TargetDirectory(Path.Join(Here, "a/b")).ThrowIfUnusable()).Message,
            StringComparison.Ordinal
        );
        new TargetDirectory(_store["not/there"]).ThrowIfUnusable();
    }

    [Fact]
    public async Task LayOutAsync_WhereNothingCanBeMade_IsSaid()
    {
        using var snapshot = await _store.PullAsync();

        var failure = await Assert.ThrowsAsync<LayOutException>(() =>
            new TargetDirectory("/proc/larder/here").LayOutAsync(snapshot, Cancellation)
        );

        Assert.Contains("could not be laid out in '/proc/larder/here'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("snapshots/x")]
    public async Task LayOutAsync_InTheStore_IsRefused(string below)
    {
        using var snapshot = await _store.PullAsync();

        var failure = await Assert.ThrowsAsync<LayOutException>(() =>
            new TargetDirectory(Path.Join(_store.Root, below)).LayOutAsync(snapshot, Cancellation)
        );

        Assert.Contains("lies in the store", failure.Message, StringComparison.Ordinal);
        StoreAudit.AssertWholeInUse(_store.Root);
    }

    [Fact]
    public async Task LayOutAsync_ModelHasAFileWithTheNameOfTheList_IsRefused()
    {
        _store.Origin.Put(TargetRecord.FileName, [1]);

        var failure = await Assert.ThrowsAsync<LayOutException>(() => LayOutAsync());

        Assert.Contains("--exclude '/.larder.json'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LayOutAsync_ListThatNamesFilesElsewhere_RemovesNoneOfThem()
    {
        await LayOutAsync();
        await File.WriteAllTextAsync(_store["outside"], "mine", Cancellation);
        Directory.CreateDirectory(_store["elsewhere"]);
        await File.WriteAllTextAsync(_store["elsewhere/mine"], "mine", Cancellation);
        Directory.CreateSymbolicLink(Path.Join(Here, "link"), _store["elsewhere"]);
        var digest = Digest.Of("mine"u8);
        var record = TargetRecord.Read(Here);
        record.Files["../outside"] = new LaidOutFile(digest, 4, IsWritten: true);
        record.Files["link/mine"] = new LaidOutFile(digest, 4, IsWritten: true);
        record.Directories.Add("link");
        record.Write(Here);

        var result = await LayOutAsync();

        Assert.Equal(0, result.FilesRemoved);
        Assert.True(File.Exists(_store["outside"]) && File.Exists(_store["elsewhere/mine"]));
    }

    [Fact]
    public async Task LayOutAsync_HardLinks_AreTheStoresFilesUntilNobodyAsksForThem()
    {
        using var snapshot = await _store.PullAsync();
        await new TargetDirectory(Here) { HardLinks = true }.LayOutAsync(snapshot, Cancellation);
        var linked = StatusOf(Path.Join(Here, "model.onnx"));
        Assert.True(linked.IsSameFile(StatusOf(Path.Join(snapshot.Path, "model.onnx"))));

        var again = await new TargetDirectory(Here) { HardLinks = true }.LayOutAsync(snapshot, Cancellation);
        var result = await new TargetDirectory(Here).LayOutAsync(snapshot, Cancellation);

        Assert.Equal((0, 3), (again.FilesWritten, result.FilesWritten));
        Assert.Equal(1u, StatusOf(Path.Join(Here, "model.onnx")).Links);
        StoreAudit.AssertWholeInUse(_store.Root);
    }

    [Fact]
    public async Task LayOutAsync_WriterWasKilled_ItsPartsAreRemovedAndNobodyElses()
    {
        Directory.CreateDirectory(Here);
        var left = TemporaryName.In(Here);
        await File.WriteAllTextAsync(left, "half", Cancellation);
        await File.WriteAllTextAsync(Path.Join(Here, ".larder-mine.part"), "mine", Cancellation);

        await LayOutAsync();

        Assert.False(File.Exists(left));
        AssertHas(".larder-mine.part", "mine"u8.ToArray());
    }

    [Fact]
    public async Task LayOutAsync_Cancelled_LeavesEachFileOldOrNew()
    {
        await LayOutAsync();
        _store.Origin.Put("model.onnx", TestBytes.Of(3_000_000, seed: 2)).Put("empty", [1]);
        using var snapshot = await _store.PullAsync(Stale);
        using var leaving = new CancellationTokenSource();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new TargetDirectory(Here).LayOutAsync(snapshot, leaving.Token)
        );

        AssertHas("model.onnx", Model);
        await new TargetDirectory(Here).LayOutAsync(snapshot, Cancellation);
        AssertHas("model.onnx", TestBytes.Of(3_000_000, seed: 2));
    }

    [Fact]
    public async Task LayOutAsync_ManyAtOnceOfTwoVersions_LeaveOneOfThemWhole()
    {
        using var one = await _store.PullAsync();
        _store.Origin.Put("model.onnx", TestBytes.Of(3_000_000, seed: 2)).Put("sub/deep/labels.txt", [2]);
        using var other = await _store.PullAsync(Stale);

        var all = Enumerable
            .Range(0, 12)
            .Select(turn =>
                Task.Run(() => new TargetDirectory(Here).LayOutAsync(turn % 2 == 0 ? one : other, Cancellation))
            );
        await Task.WhenAll(all);

        var isOne = (await File.ReadAllBytesAsync(Path.Join(Here, "sub/deep/labels.txt"), Cancellation)).Length > 1;
        AssertHas("model.onnx", isOne ? Model : TestBytes.Of(3_000_000, seed: 2));
        Assert.Equal(3, Files().Count);
    }

    [Fact]
    public async Task LayOutAsync_BlobOfTheStoreIsDamaged_IsNotLaidOut()
    {
        using var store = new TestStore(MaterializeMode.Copy);
        store.Origin.Put("model.onnx", Model);
        using var snapshot = await store.PullAsync();
        Tamper.Silently(Path.Join(snapshot.Path, "model.onnx"));

        await Assert.ThrowsAsync<StoreException>(() =>
            new TargetDirectory(store["here"]).LayOutAsync(snapshot, Cancellation)
        );

        Assert.False(File.Exists(Path.Join(store["here"], "model.onnx")));
    }

    public void Dispose() => _store.Dispose();

    private async Task<LayOutResult> LayOutAsync()
    {
        using var snapshot = await _store.PullAsync(Stale);
        return await new TargetDirectory(Here).LayOutAsync(snapshot, Cancellation);
    }

    private static FileStatus StatusOf(string path)
    {
        Assert.True(Posix.TryStatus(path, followLinks: false, out var status));
        return status;
    }

    private List<string> Files() =>
        [
            .. Directory
                .EnumerateFiles(Here, "*", SearchOption.AllDirectories)
                .Where(path => Path.GetFileName(path) != TargetRecord.FileName),
        ];

    private void AssertHas(string path, byte[] bytes) => Assert.Equal(bytes, File.ReadAllBytes(Path.Join(Here, path)));

    private void AssertHasVersion(params (string Path, byte[] Bytes)[] files)
    {
        foreach (var (path, bytes) in files)
            AssertHas(path, bytes);
        Assert.Equal(files.Length, Files().Count);
    }
}
