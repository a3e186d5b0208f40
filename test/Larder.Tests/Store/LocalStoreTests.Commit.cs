using System.Text.Json;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Store;

public sealed partial class LocalStoreTests
{
    [Fact]
    public async Task CommitAsync_NewModel_LaysItOutAsFormat1Says()
    {
        var snapshot = await _store.PullAndReleaseAsync();

        string model = Digest.Of(TestBytes.Of(5000)).ToString(),
            labels = Digest.Of("cat dog"u8).ToString(),
            manifest = snapshot.Digest.ToString(),
            key = PullRequest.KeyOf(_store.Reference).Digest.ToString();
        string[] expected =
        [
            $"blobs/sha256/{model[..2]}/{model[2..]}",
            $"blobs/sha256/{labels[..2]}/{labels[2..]}",
            $"entries/model/{key[..2]}/{key[2..]}.json",
            $"manifests/sha256/{manifest[..2]}/{manifest[2..]}.json",
            $"snapshots/{manifest}/model.onnx",
            $"snapshots/{manifest}/sub/labels.txt",
            "larder-store.json",
        ];
        Assert.Equivalent(
            expected,
            TestStore
                .Files(_store.Root)
                .Select(path => Path.GetRelativePath(_store.Root, path))
                .Where(path =>
                    !path.StartsWith("usage/", StringComparison.Ordinal)
                    && path is not ("leases/commit" or "leases/room")
                ),
            strict: true
        );
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task CommitAsync_NewModel_GivesBlobsTheirModeAndTime()
    {
        await _store.PullAndReleaseAsync();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            File.GetUnixFileMode(ModelBlob)
        );
        Assert.Equal(new DateTime(1980, 1, 1, 0, 0, 0, DateTimeKind.Utc), File.GetLastWriteTimeUtc(ModelBlob));
    }

    [Fact]
    public async Task CommitAsync_NewModel_WritesAnEntryThatSaysWhatItRestsOn()
    {
        var snapshot = await _store.PullAndReleaseAsync();
        var path = Assert.Single(TestStore.Files(_store.Layout.Entries));

        using var document = JsonDocument.Parse(
            await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)
        );
        var entry = document.RootElement;

        string[] fields =
        [
            "request",
            "manifest",
            "created",
            "checked",
            "seconds",
            "bytes",
            "files",
            "source",
            "crc32c",
        ];
        Assert.Equivalent(fields, entry.EnumerateObject().Select(property => property.Name), strict: true);
        Assert.Equal(
            """{"kind":"model","reference":"fake://origin/model/","version":1}""",
            entry.GetProperty("request").GetRawText()
        );
        Assert.Equal(snapshot.Digest.ToString(), entry.GetProperty("manifest").GetString());
        Assert.Equal((5007, 2), (entry.GetProperty("bytes").GetInt64(), entry.GetProperty("files").GetInt32()));
        Assert.Equal(
            """{"reference":"fake://origin/model/","trust":"first_use","versions":{"model.onnx":"v1","sub/labels.txt":"v2"}}""",
            entry.GetProperty("source").GetRawText()
        );
    }

    [Fact]
    public async Task CommitAsync_TwoModelsWithOneFileInCommon_KeepItsBytesOnce()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Put("sub/labels.txt", "others"u8.ToArray());
        using var other = await _store.Cache.PullAsync(
            FakeOrigin.Reference("other"),
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(3, TestStore.Files(_store.Layout.Blobs).Count);
        Assert.Equal(2, _store.Cache.List().Count);
    }

    [Fact]
    public async Task CommitAsync_TwoFilesWithTheSameBytes_KeepThemOnce()
    {
        _store.Origin.Put("copy.onnx", TestBytes.Of(5000));

        using var snapshot = await _store.PullAsync();

        Assert.Equal(2, TestStore.Files(_store.Layout.Blobs).Count);
        Assert.Equal(3, snapshot.Manifest.Files.Count);
    }

    [Theory]
    [InlineData(CommitStep.BlobsLinked)]
    [InlineData(CommitStep.ManifestLinked)]
    [InlineData(CommitStep.SnapshotPlaced)]
    internal async Task CommitAsync_DiskFullAfterAStep_LeavesNothing(CommitStep step)
    {
        _store.Cache.StepReached = FailAfter(step);

        await Assert.ThrowsAsync<NoRoomException>(() => _store.PullAsync());

        StoreAudit.AssertEmpty(_store.Root);
    }

    [Theory]
    [InlineData(CommitStep.BlobsLinked)]
    [InlineData(CommitStep.SnapshotPlaced)]
    internal async Task CommitAsync_FailsWhileAnotherCommits_LeavesNothingAfterTheNextStart(CommitStep step)
    {
        // Whoever comes first counts the store, and waits for others to do so.
        await _store.Cache.SweepAsync(TestContext.Current.CancellationToken);
        using (LockFile.TryAcquire(_store.Layout.CommitLock, exclusive: false))
        {
            _store.Cache.StepReached = FailAfter(step);
            await Assert.ThrowsAsync<NoRoomException>(() => _store.PullAsync());
        }

        await _store.Open().SweepAsync(TestContext.Current.CancellationToken);

        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task CommitAsync_FailsForANewVersion_LeavesTheOldOne()
    {
        var old = await _store.PullAndReleaseAsync();
        _store.Origin.Put("model.onnx", TestBytes.Of(5000, seed: 2));
        _store.Cache.StepReached = FailAfter(CommitStep.SnapshotPlaced);

        await Assert.ThrowsAsync<NoRoomException>(() => _store.PullAsync(Refresh));

        Assert.Equal(old.Digest, Assert.Single(_store.Cache.List()).Digest);
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task CommitAsync_PathTooLongForTheSystem_FailsAndLeavesNothing()
    {
        var path = string.Join('/', Enumerable.Repeat(new string('d', 250), 16));
        _store.Origin.Put(path, "deep"u8.ToArray());

        await Assert.ThrowsAnyAsync<LarderException>(() => _store.PullAsync());

        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task UpdateEntryAsync_EntryRemovedMeanwhile_StaysRemoved()
    {
        await _store.PullAndReleaseAsync();
        var store = _store.OpenStore();
        var key = PullRequest.KeyOf(_store.Reference);
        var entry = store.TryReadEntry(key)!;
        await _store.Cache.ClearAsync(null, TestContext.Current.CancellationToken);

        await store.UpdateEntryAsync(key, entry, TestContext.Current.CancellationToken);

        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task CommitAsync_OriginalIsLinkedToTheOrigin_NeverTouchesTheOrigin()
    {
        var origin = Directory.CreateDirectory(_store["origin"]).FullName;
        var file = Path.Join(origin, "model.onnx");
        await File.WriteAllBytesAsync(file, TestBytes.Of(100), TestContext.Current.CancellationToken);
        var time = File.GetLastWriteTimeUtc(file);

        using var snapshot = await _store.Cache.PullAsync(
            ModelReference.OfPath(origin),
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(time, File.GetLastWriteTimeUtc(file));
        Assert.True(Posix.TryStatus(file, out var status) && status.Links == 1);
    }

    private static Action<CommitStep> FailAfter(CommitStep last) =>
        step =>
        {
            if (step == last)
                throw new IOException("No space left on device", Posix.ENOSPC);
        };
}
