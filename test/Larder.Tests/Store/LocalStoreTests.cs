using Larder.Content;
using Larder.Pull;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Store;

public sealed partial class LocalStoreTests : IDisposable
{
    private static readonly PullOptions Refresh = new() { Refresh = true };

    private readonly TestStore _store = new();

    public LocalStoreTests() =>
        _store.Origin.Put("model.onnx", TestBytes.Of(5000)).Put("sub/labels.txt", "cat dog"u8.ToArray());

    private string ModelBlob => _store.Layout.Blob(Digest.Of(TestBytes.Of(5000)));

    public static TheoryData<string> Damages() => ["in place", "longer", "shorter", "deleted", "replaced by a link"];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task TryOpenSnapshotAsync_FileOfTheSnapshotTouched_IsNotServedAndHealsWithTheRightBytes(string damage)
    {
        var first = await _store.PullAndReleaseAsync();
        Damage(Path.Join(first.Path, "model.onnx"), damage);

        using var healed = await _store.PullAsync();

        Assert.Equal(TestBytes.Of(5000), await ReadModelAsync(healed));
        StoreAudit.AssertWholeInUse(_store.Root);
    }

    [Theory]
    [InlineData("in place")]
    [InlineData("longer")]
    public async Task TryOpenSnapshotAsync_BlobTouchedThroughItsSnapshot_QuarantinesAndFetchesThatFileOnly(
        string damage
    )
    {
        // As root: the mode 0444 stops nobody in this test.
        var first = await _store.PullAndReleaseAsync();
        Damage(Path.Join(first.Path, "model.onnx"), damage);
        var damaged = await File.ReadAllBytesAsync(ModelBlob, TestContext.Current.CancellationToken);
        Assert.NotEqual(TestBytes.Of(5000), damaged);

        using var healed = await _store.PullAsync();

        Assert.Equal((PullOutcome.Miss, 1), (healed.Outcome, healed.FilesFetched));
        Assert.Equal(
            damaged,
            await File.ReadAllBytesAsync(
                Assert.Single(TestStore.Files(_store.Layout.Quarantine)),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(
            TestBytes.Of(5000),
            await File.ReadAllBytesAsync(ModelBlob, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task TryOpenSnapshotAsync_SnapshotDeleted_IsBuiltAgainWithoutTheOrigin()
    {
        var first = await _store.PullAndReleaseAsync();
        Directory.Delete(first.Path, recursive: true);
        _store.Origin.IsForbidden = true;

        using var second = await _store.PullAsync();

        Assert.Equal(PullOutcome.Hit, second.Outcome);
        StoreAudit.AssertWholeInUse(_store.Root);
    }

    [Fact]
    public async Task TryOpenSnapshotAsync_AFileInPlaceOfTheSnapshot_IsBuiltAgainWithoutTheOrigin()
    {
        var first = await _store.PullAndReleaseAsync();
        Directory.Delete(first.Path, recursive: true);
        await File.WriteAllTextAsync(first.Path, "not a directory", TestContext.Current.CancellationToken);
        _store.Origin.IsForbidden = true;

        using var second = await _store.PullAsync();

        Assert.Equal(TestBytes.Of(5000), await ReadModelAsync(second));
        StoreAudit.AssertWholeInUse(_store.Root);
    }

    [Fact]
    public async Task TryOpenSnapshotAsync_CopyTouched_IsCopiedAgainWithoutTheOrigin()
    {
        using var store = new TestStore(MaterializeMode.Copy);
        store.Origin.Put("model.onnx", TestBytes.Of(5000));
        var first = await store.PullAndReleaseAsync();
        Tamper.InPlace(Path.Join(first.Path, "model.onnx"));
        store.Origin.IsForbidden = true;

        using var second = await store.PullAsync();

        Assert.Equal(TestBytes.Of(5000), await ReadModelAsync(second));
        StoreAudit.AssertWholeInUse(store.Root);
    }

    [Fact]
    public async Task TryOpenSnapshotAsync_BlobsBeingRemoved_WaitsAndFindsNothing()
    {
        var first = await _store.PullAndReleaseAsync();
        Directory.Delete(first.Path, recursive: true);
        var remover = LockFile.TryAcquire(_store.Layout.CommitLock, exclusive: true)!;
        var opening = _store.OpenStore().TryOpenSnapshotAsync(first.Digest, TestContext.Current.CancellationToken);

        File.Delete(_store.Layout.Manifest(first.Digest));
        File.Delete(ModelBlob);
        remover.Dispose();

        Assert.Null(await opening);
        Assert.False(Directory.Exists(first.Path));
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("""{"request":{}}""")]
    [InlineData("")]
    public async Task TryReadEntry_DocumentDamaged_IsAMissThatMendsIt(string text)
    {
        await _store.PullAndReleaseAsync();
        var entry = Assert.Single(TestStore.Files(_store.Layout.Entries));
        await File.WriteAllTextAsync(entry, text, TestContext.Current.CancellationToken);

        var again = await _store.PullAndReleaseAsync();

        Assert.Equal(PullOutcome.Miss, again.Outcome);
        Assert.Contains(
            _store.Log.Warnings,
            warning => warning.Contains("it is not an entry document", StringComparison.Ordinal)
        );
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task TryReadEntry_DocumentOfAnotherRequest_IsAMissAndAWarning()
    {
        await _store.PullAndReleaseAsync();
        var entry = Assert.Single(TestStore.Files(_store.Layout.Entries));
        var other = (await File.ReadAllTextAsync(entry, TestContext.Current.CancellationToken))
            .Replace("fake://origin/model/", "fake://origin/other/", StringComparison.Ordinal)
            // By somebody who writes no checksum: a wrong one would be damage.
            .Replace("\"crc32c\"", "\"other\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(entry, other, TestContext.Current.CancellationToken);

        using var again = await _store.PullAsync();

        Assert.Equal(PullOutcome.Miss, again.Outcome);
        Assert.Contains(
            _store.Log.Warnings,
            warning => warning.Contains("another than the one asked", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    public async Task TryReadManifest_MissingOrDamaged_IsAMissThatMendsIt(string? text)
    {
        await _store.PullAndReleaseAsync();
        var manifest = Assert.Single(TestStore.Files(_store.Layout.Manifests));
        File.Delete(manifest);
        if (text is not null)
            await File.WriteAllTextAsync(manifest, text, TestContext.Current.CancellationToken);

        var again = await _store.PullAndReleaseAsync();

        Assert.Equal(PullOutcome.Miss, again.Outcome);
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task Open_SecondTime_FindsWhatIsStored()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.IsForbidden = true;

        using var snapshot = await _store
            .Open()
            .PullAsync(_store.Reference, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(PullOutcome.Hit, snapshot.Outcome);
    }

    [Fact]
    public void Open_PathWithASlashAtItsEnd_IsTheSameStore()
    {
        var store = LocalStore.Open(_store.Root + "/", MaterializeMode.Auto, TimeProvider.System, _store.Log);

        Assert.Equal(_store.Root, store.Root);
    }

    public void Dispose() => _store.Dispose();

    private static void Damage(string path, string damage)
    {
        switch (damage)
        {
            case "in place":
                Tamper.InPlace(path);
                break;
            case "longer":
                Tamper.Length(path, 1);
                break;
            case "shorter":
                Tamper.Length(path, -1);
                break;
            case "deleted":
                File.Delete(path);
                break;
            default:
                File.Delete(path);
                File.CreateSymbolicLink(path, "/etc/hostname");
                break;
        }
    }

    private static Task<byte[]> ReadModelAsync(Snapshot snapshot) =>
        File.ReadAllBytesAsync(Path.Join(snapshot.Path, "model.onnx"), TestContext.Current.CancellationToken);
}
