using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Store;

/// <summary>A store that is only read under one that is written to.</summary>
public sealed class StoreLayersTests : IDisposable
{
    private static readonly PullOptions Refresh = new() { Refresh = true };

    private readonly ManualTimeProvider _time = new();
    private readonly TestStore _lower;
    private readonly TempDirectory _directory = new();

    public StoreLayersTests()
    {
        _lower = new TestStore(time: _time);
        _lower.Origin.Put("model.onnx", TestBytes.Of(5000));
        _lower.Origin.Put("labels", TestBytes.Of(300, seed: 1));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Upper => _directory["upper"];

    [Fact]
    public async Task PullAsync_LowerStoreHasIt_IsAHitAndNothingIsWrittenThere()
    {
        await _lower.PullAndReleaseAsync();
        var before = Look();
        var requests = _lower.Origin.Listings;
        using var cache = Open();

        using (var snapshot = await cache.PullAsync(_lower.Reference, null, Cancellation))
        {
            Assert.Equal(PullOutcome.Hit, snapshot.Outcome);
            Assert.Equal(_lower.Layout.Snapshot(snapshot.Digest), snapshot.Path);
            Assert.Equal(
                TestBytes.Of(5000),
                await File.ReadAllBytesAsync(Path.Join(snapshot.Path, "model.onnx"), Cancellation)
            );
        }

        Assert.Equal(requests, _lower.Origin.Listings);
        Assert.Equal(before, Look());
        Assert.Empty(TestStore.Files(new StoreLayout(Upper).Blobs));
        Assert.Equal(1, cache.GetStatistics().Cache.Hits);
    }

    [Fact]
    public async Task PullAsync_HitOfTheLowerStore_IsLeasedThere()
    {
        await _lower.PullAndReleaseAsync();
        using var cache = Open();

        using (await cache.PullAsync(_lower.Reference, null, Cancellation))
        {
            Assert.Equal(0, (await _lower.Cache.ClearAsync(null, Cancellation)).RemovedEntries);
            Assert.True(Assert.Single(cache.List()).Leased);
        }

        Assert.Equal(1, (await _lower.Cache.ClearAsync(null, Cancellation)).RemovedEntries);
    }

    [Fact]
    public async Task PullAsync_LowerStoreIsOld_AsksTheOriginOnceAndFetchesNothing()
    {
        await _lower.PullAndReleaseAsync();
        _time.Advance(TimeSpan.FromDays(30));
        var before = Look();
        using var cache = Open();

        using var first = await cache.PullAsync(_lower.Reference, null, Cancellation);
        using var second = await cache.PullAsync(_lower.Reference, null, Cancellation);

        Assert.Equal((PullOutcome.Revalidated, PullOutcome.Hit), (first.Outcome, second.Outcome));
        Assert.Equal(first.Path, second.Path);
        Assert.Equal(before, Look());
        StoreAudit.AssertWholeInUse(Upper);
    }

    [Fact]
    public async Task PullAsync_NewVersionAtTheOrigin_GoesIntoTheUpperStoreWithTheFilesThatTheLowerHas()
    {
        await _lower.PullAndReleaseAsync();
        var before = Look();
        _lower.Origin.Put("model.onnx", TestBytes.Of(6000, seed: 2));
        using var cache = Open();

        using (var snapshot = await cache.PullAsync(_lower.Reference, Refresh, Cancellation))
        {
            Assert.Equal(
                (PullOutcome.Miss, 1, 6000L),
                (snapshot.Outcome, snapshot.FilesFetched, snapshot.BytesFetched)
            );
            Assert.StartsWith(Upper, snapshot.Path, StringComparison.Ordinal);
            Assert.Equal(
                TestBytes.Of(300, seed: 1),
                await File.ReadAllBytesAsync(Path.Join(snapshot.Path, "labels"), Cancellation)
            );
        }

        Assert.Equal(before, Look());
        StoreAudit.AssertWhole(Upper);
        Assert.False(Assert.Single(cache.List()).InLowerStore);
    }

    [Fact]
    public async Task PullAsync_BlobOfTheLowerStoreIsDamaged_IsFetched()
    {
        await _lower.PullAndReleaseAsync();
        var blob = _lower.Layout.Blob(Digest.Of(TestBytes.Of(300, seed: 1)));
        Tamper.Bit(blob, 17);
        _lower.Origin.Put("model.onnx", TestBytes.Of(6000, seed: 2));
        using var cache = Open();

        using (var snapshot = await cache.PullAsync(_lower.Reference, Refresh, Cancellation))
        {
            Assert.Equal(2, snapshot.FilesFetched);
            Assert.Equal(
                TestBytes.Of(300, seed: 1),
                await File.ReadAllBytesAsync(Path.Join(snapshot.Path, "labels"), Cancellation)
            );
        }

        Assert.Contains(_lower.Log.Warnings, warning => warning.Contains(blob, StringComparison.Ordinal));
        StoreAudit.AssertWhole(Upper);
    }

    [Fact]
    public async Task PullAsync_OriginIsDown_ServesTheLowerStore()
    {
        await _lower.PullAndReleaseAsync();
        _time.Advance(TimeSpan.FromDays(30));
        _lower.Origin.Failure = new OriginException(OriginFailure.Unavailable, "model", "It does not answer.");
        using var cache = Open();

        using var stale = await cache.PullAsync(_lower.Reference, null, Cancellation);
        using var offline = await cache.PullAsync(_lower.Reference, new PullOptions { Offline = true }, Cancellation);

        Assert.Equal((PullOutcome.Stale, PullOutcome.Hit), (stale.Outcome, offline.Outcome));
    }

    [Fact]
    public async Task PullAsync_DigestThatOnlyTheLowerStoreHas_IsAHit()
    {
        var wanted = (await _lower.PullAndReleaseAsync()).Digest;
        using var cache = Open();
        _lower.Origin.Put("model.onnx", TestBytes.Of(6000, seed: 2));
        (await cache.PullAsync(_lower.Reference, Refresh, Cancellation)).Dispose();

        using var snapshot = await cache.PullAsync(
            _lower.Reference,
            new PullOptions { Digest = wanted, Offline = true },
            Cancellation
        );

        Assert.Equal((PullOutcome.Hit, wanted), (snapshot.Outcome, snapshot.Digest));
    }

    [Fact]
    public async Task ClearAsync_ModelOfTheLowerStore_LeavesIt()
    {
        await _lower.PullAndReleaseAsync();
        using var cache = Open();

        Assert.Equal(0, (await cache.ClearAsync(_lower.Reference, Cancellation)).RemovedEntries);
        Assert.Equal(0, (await cache.ClearAsync(null, Cancellation)).RemovedEntries);

        Assert.True(cache.Find(_lower.Reference)!.InLowerStore);
        await Assert.ThrowsAsync<NotCachedException>(() =>
            cache.PinAsync(_lower.Reference, cancellationToken: Cancellation)
        );
    }

    [Fact]
    public async Task Open_LowerIsTheStoreItself_IsAStoreLikeAnyOther()
    {
        await _lower.PullAndReleaseAsync();
        using var cache = new ModelCache(
            new ModelCacheOptions { StorePath = _lower.Root + "/", LowerStorePath = _lower.Root },
            [_lower.Origin],
            _time
        );

        Assert.False(Assert.Single(cache.List()).InLowerStore);
        Assert.Equal(1, (await cache.ClearAsync(null, Cancellation)).RemovedEntries);
    }

    [Fact]
    public void Open_LowerIsNoStore_SaysSoAndMakesNone()
    {
        var refused = Assert.Throws<StoreException>(() => Open(_directory["nothing"]));

        Assert.Contains("store.lower", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_directory["nothing"]));
    }

    public void Dispose()
    {
        _lower.Dispose();
        _directory.Dispose();
    }

    private ModelCache Open(string? lower = null) =>
        new(
            new ModelCacheOptions { StorePath = Upper, LowerStorePath = lower ?? _lower.Root },
            [_lower.Origin],
            _time,
            _lower.Log
        );

    /// <summary>Every name in the lower store with its inode, times and links.</summary>
    private List<string> Look() =>
        [
            .. Directory
                .EnumerateFileSystemEntries(_lower.Root, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(path => $"{path} {(Posix.TryStatus(path, out var status) ? status : default)}"),
        ];
}
