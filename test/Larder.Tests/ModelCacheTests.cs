using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests;

public sealed partial class ModelCacheTests : IDisposable
{
    private readonly TestStore _store = new();

    public ModelCacheTests() =>
        _store.Origin.Put("model.onnx", TestBytes.Of(5000)).Put("sub/labels.txt", "cat dog"u8.ToArray());

    [Fact]
    public async Task List_AfterPulls_ShowsEachModelAsItIs()
    {
        using var leased = await _store.PullAsync();
        (await PullAsync(FakeOrigin.Reference("another"))).Dispose();

        var models = _store.Cache.List();

        Assert.Equal(
            ["fake://origin/another/", "fake://origin/model/"],
            models.Select(model => model.Reference),
            StringComparer.Ordinal
        );
        var model = models[1];
        Assert.Equal(
            ("model", leased.Digest, 5007L, 2, true),
            (model.Kind, model.Digest, model.SizeBytes, model.Files, model.Leased)
        );
        Assert.Equal(leased.Path, model.SnapshotPath);
        Assert.Equal(leased.Manifest.Files, model.ReadManifest()!.Files);
    }

    [Fact]
    public async Task GetStatistics_PullsThatFailedOrWereLeft_CountsThoseThatFailed()
    {
        _store.Origin.Failure = new OriginException(OriginFailure.NotFound, "fake://origin/model/", "It is not there.");
        await Assert.ThrowsAsync<OriginException>(() => _store.PullAsync());
        await Assert.ThrowsAsync<NotCachedException>(() => _store.PullAsync(new PullOptions { Offline = true }));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _store.Cache.PullAsync(_store.Reference, cancellationToken: new CancellationToken(canceled: true))
        );

        var counts = _store.Cache.GetStatistics().Cache;

        Assert.Equal((2, 0, 0), (counts.Failures, counts.Hits, counts.Misses));
    }

    [Fact]
    public async Task List_WithADamagedEntry_LeavesItOutAndWarns()
    {
        await _store.PullAndReleaseAsync();
        await File.WriteAllTextAsync(
            Assert.Single(TestStore.Files(_store.Layout.Entries)),
            "x",
            TestContext.Current.CancellationToken
        );

        Assert.Empty(_store.Cache.List());
        Assert.NotEmpty(_store.Log.Warnings);
    }

    [Fact]
    public async Task Find_NotStored_GivesNull()
    {
        await _store.PullAndReleaseAsync();

        Assert.Null(_store.Cache.Find(FakeOrigin.Reference("another")));
    }

    [Fact]
    public async Task GetStatistics_AfterAMissAndTwoHits_CountsThem()
    {
        await _store.PullAndReleaseAsync();
        await _store.PullAndReleaseAsync();
        (await PullAsync(_store.Reference, _store.Open())).Dispose();

        var statistics = _store.Cache.GetStatistics();

        Assert.Equal(
            (1, 5007L, 2, 5007L),
            (statistics.TotalModels, statistics.TotalSizeBytes, statistics.Blobs, statistics.BytesFetched)
        );
        Assert.Equal((2, 1, 2 * 5007), (statistics.Cache.Hits, statistics.Cache.Misses, statistics.Cache.BytesSaved));
    }

    [Fact]
    public async Task Verbs_StoreDirectoryGone_SayThatTheStoreCannotBeUsed()
    {
        Directory.Delete(_store.Root, recursive: true);

        Assert.Throws<StoreException>(() => _store.Cache.List());
        Assert.Throws<StoreException>(() => _store.Cache.GetStatistics());
        await Assert.ThrowsAsync<StoreException>(() =>
            _store.Cache.ClearAsync(null, TestContext.Current.CancellationToken)
        );
        var failure = await Assert.ThrowsAsync<StoreException>(() => _store.PullAsync());
        Assert.Contains($"The store '{_store.Root}' could not be used", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("..", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_PathOfAFile_IsRefusedWithTheRemedy()
    {
        File.WriteAllText(_store["file"], "");

        var refused = Assert.Throws<StoreException>(() =>
            new ModelCache(new ModelCacheOptions { StorePath = _store["file"] })
        );

        Assert.Contains("--store", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OptionsOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new ModelCache(new ModelCacheOptions { StorePath = _store.Root, Connections = -1 })
        );
        Assert.Throws<ArgumentException>(() => new ModelCache(new ModelCacheOptions { StorePath = " " }));
    }

    [Fact]
    public async Task Dispose_SnapshotStillHeld_LeavesItsLease()
    {
        var cache = _store.Open();
        using var snapshot = await PullAsync(_store.Reference, cache);

        cache.Dispose();
        cache.Dispose();

        Assert.Single((await _store.Cache.ClearAsync(null, TestContext.Current.CancellationToken)).KeptInUse);
    }

    [Fact]
    public async Task PullAsync_AfterDispose_IsRefused()
    {
        var cache = _store.Open();
        cache.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => PullAsync(_store.Reference, cache));
    }

    [Fact]
    public async Task PullAsync_Cancelled_LeavesNothing()
    {
        using var leaving = new CancellationTokenSource();
        _store.Origin.Opening.Close();
        var pull = _store.Cache.PullAsync(_store.Reference, cancellationToken: leaving.Token);
        await _store.Origin.Opening.Reached;
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);
        // The flight lands behind the back of the caller who left: when its lock can be had, it has.
        var flight = _store.Layout.Flight(PullRequest.KeyOf(_store.Reference), version: null);
        (await FlightLock.AcquireAsync(flight, TestContext.Current.CancellationToken))?.Dispose();
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task PullAsync_ManyPulls_LeaveNoFileOpen()
    {
        for (var i = 0; i < 5; i++)
            await _store.PullAndReleaseAsync(new PullOptions { Refresh = i % 2 == 0 });
        _store.Origin.Failure = new OriginException(OriginFailure.NotFound, "fake", "gone");
        await Assert.ThrowsAsync<OriginException>(() => _store.PullAsync(new PullOptions { Refresh = true }));

        // The usage log stays open.
        Assert.Equal(1, OpenFiles.Count(_store.Root));
    }

    [Fact]
    public async Task PullAsync_WithProgress_ReportsTheEnd()
    {
        var progress = new RecordingProgress();

        await _store.PullAndReleaseAsync(new PullOptions { Progress = progress });

        var last = progress.Reports[^1];
        Assert.Equal((2, 2, 5007, 5007), (last.FilesDone, last.Files, last.BytesDone, last.Bytes));
    }

    public void Dispose() => _store.Dispose();

    private Task<Snapshot> PullAsync(ModelReference reference, ModelCache? cache = null) =>
        (cache ?? _store.Cache).PullAsync(reference, cancellationToken: TestContext.Current.CancellationToken);
}
