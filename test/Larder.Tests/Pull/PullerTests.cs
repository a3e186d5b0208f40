using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Pull;

public sealed partial class PullerTests : IDisposable
{
    private static readonly PullOptions Stale = new() { FreshFor = TimeSpan.Zero };

    private readonly ManualTimeProvider _time = new();
    private readonly TestStore _store;

    public PullerTests()
    {
        _store = new TestStore(time: _time);
        _store.Origin.Put("model.onnx", TestBytes.Of(5000)).Put("sub/labels.txt", "cat dog"u8.ToArray());
    }

    [Fact]
    public async Task PullAsync_NotStored_FetchesAllFiles()
    {
        using var snapshot = await _store.PullAsync();

        Assert.Equal(PullOutcome.Miss, snapshot.Outcome);
        Assert.Equal((2, 5007, false), (snapshot.FilesFetched, snapshot.BytesFetched, snapshot.FromCache));
        Assert.Equal(TestBytes.Of(5000), await ReadAsync(snapshot, "model.onnx"));
        Assert.Equal("cat dog"u8.ToArray(), await ReadAsync(snapshot, "sub/labels.txt"));
    }

    [Fact]
    public async Task PullAsync_StoredAndFresh_AsksNoOrigin()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.IsForbidden = true;
        _time.Advance(TimeSpan.FromMinutes(4.9));

        using var snapshot = await _store.PullAsync();

        Assert.Equal((PullOutcome.Hit, true), (snapshot.Outcome, snapshot.FromCache));
    }

    [Fact]
    public async Task PullAsync_StoredAndFresh_ReadsNoBytes()
    {
        // Bytes that changed without a trace in the file's status go unnoticed exactly when nobody reads them.
        var first = await _store.PullAndReleaseAsync();
        foreach (var blob in TestStore.Files(_store.Layout.Blobs))
            Tamper.Silently(blob);

        using var second = await _store.PullAsync();

        Assert.Equal(PullOutcome.Hit, second.Outcome);
        Assert.NotEqual(TestBytes.Of(5000), await ReadAsync(second, "model.onnx"));
        Assert.Equal(first.Digest, second.Digest);
    }

    [Fact]
    public async Task PullAsync_NotFreshAndUnchanged_AsksButFetchesNothing()
    {
        await _store.PullAndReleaseAsync();
        _time.Advance(TimeSpan.FromMinutes(5));

        using var snapshot = await _store.PullAsync();

        Assert.Equal((PullOutcome.Revalidated, true), (snapshot.Outcome, snapshot.FromCache));
        Assert.Equal((2, 2), (_store.Origin.Listings, _store.Origin.Opened.Count));
    }

    [Fact]
    public async Task PullAsync_Revalidated_IsFreshAgain()
    {
        await _store.PullAndReleaseAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await _store.PullAndReleaseAsync();
        _store.Origin.IsForbidden = true;

        using var snapshot = await _store.PullAsync();

        Assert.Equal(PullOutcome.Hit, snapshot.Outcome);
    }

    [Fact]
    public async Task PullAsync_OneFileChanged_FetchesThatFileOnly()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Put("sub/labels.txt", "cat cow"u8.ToArray());

        using var snapshot = await _store.PullAsync(Stale);

        Assert.Equal((PullOutcome.Miss, 1, 7L), (snapshot.Outcome, snapshot.FilesFetched, snapshot.BytesFetched));
        Assert.Equal("sub/labels.txt", _store.Origin.Opened[^1]);
        Assert.Equal(3, _store.Origin.Opened.Count);
        Assert.Equal("cat cow"u8.ToArray(), await ReadAsync(snapshot, "sub/labels.txt"));
        Assert.Equal(TestBytes.Of(5000), await ReadAsync(snapshot, "model.onnx"));
    }

    [Fact]
    public async Task PullAsync_FileVanishedAtTheOrigin_VanishesHere()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Remove("sub/labels.txt");

        using var snapshot = await _store.PullAsync(Stale);

        Assert.Equal("model.onnx", Assert.Single(snapshot.Manifest.Files).Path);
        Assert.False(Directory.Exists(Path.Join(snapshot.Path, "sub")));
        Assert.True(snapshot.FromCache);
    }

    [Fact]
    public async Task PullAsync_OriginKnowsTheDigests_IsSaidInTheEntry()
    {
        _store.Origin.Put("model.onnx", TestBytes.Of(5000), tellsDigest: true);
        await _store.PullAndReleaseAsync();
        Assert.Equal("first_use", _store.Cache.Find(_store.Reference)!.Trust);

        _store.Origin.Remove("sub/labels.txt");
        await _store.PullAndReleaseAsync(Stale);
        Assert.Equal("origin", _store.Cache.Find(_store.Reference)!.Trust);
    }

    [Fact]
    public async Task PullAsync_OriginTellsADigestThatAnotherModelHas_FetchesNothing()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Remove("sub/labels.txt");
        _store.Origin.Put("renamed.onnx", TestBytes.Of(5000), tellsDigest: true);
        _store.Origin.Remove("model.onnx");

        using var other = await _store.Cache.PullAsync(
            FakeOrigin.Reference("other"),
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.True(other.FromCache);
        Assert.Equal(TestBytes.Of(5000), await ReadAsync(other, "renamed.onnx"));
    }

    [Theory]
    [InlineData(OriginFailure.NotFound)]
    [InlineData(OriginFailure.Denied)]
    [InlineData(OriginFailure.Broken)]
    public async Task PullAsync_OriginRefuses_NeverServesWhatIsStored(OriginFailure why)
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Failure = new OriginException(why, "fake", "no");

        var refused = await Assert.ThrowsAsync<OriginException>(() => _store.PullAsync(Stale));

        Assert.Equal(why, refused.Failure);
    }

    [Fact]
    public async Task PullAsync_OriginDown_ServesWhatIsStoredAndWarns()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Failure = Down();

        using var snapshot = await _store.PullAsync(Stale);

        Assert.Equal((PullOutcome.Stale, true), (snapshot.Outcome, snapshot.FromCache));
        Assert.Contains(_store.Log.Warnings, warning => warning.Contains("as it was stored", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PullAsync_OriginDownAndStaleNotWanted_Throws()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Failure = Down();

        await Assert.ThrowsAsync<OriginException>(() => _store.PullAsync(Stale with { StaleIfError = false }));
    }

    [Fact]
    public async Task PullAsync_OriginDownAndNothingStored_Throws()
    {
        _store.Origin.Failure = Down();

        await Assert.ThrowsAsync<OriginException>(() => _store.PullAsync());

        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task PullAsync_Refresh_AsksAlthoughFresh()
    {
        await _store.PullAndReleaseAsync();

        using var snapshot = await _store.PullAsync(new PullOptions { Refresh = true });

        Assert.Equal((PullOutcome.Revalidated, 2), (snapshot.Outcome, _store.Origin.Listings));
    }

    [Fact]
    public async Task PullAsync_ClockWasSetBack_AsksTheOrigin()
    {
        await _store.PullAndReleaseAsync();
        _time.Advance(TimeSpan.FromDays(-10));

        using var snapshot = await _store.PullAsync();

        Assert.Equal(PullOutcome.Revalidated, snapshot.Outcome);
    }

    [Fact]
    public async Task PullAsync_OfflineAndStored_ServesItHoweverOld()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.IsForbidden = true;
        _time.Advance(TimeSpan.FromDays(1000));

        using var snapshot = await _store.PullAsync(new PullOptions { Offline = true });

        Assert.Equal(PullOutcome.Hit, snapshot.Outcome);
    }

    [Fact]
    public async Task PullAsync_OfflineAndNotStored_ThrowsWithoutAskingTheOrigin()
    {
        _store.Origin.IsForbidden = true;

        var missing = await Assert.ThrowsAsync<NotCachedException>(() =>
            _store.PullAsync(new PullOptions { Offline = true })
        );

        Assert.Equal("fake://origin/model/", missing.Reference);
        Assert.Contains("Pull it once without offline mode", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_DigestOfThePresentVersion_Pulls()
    {
        var digest = (await _store.PullAndReleaseAsync()).Digest;
        await _store.Cache.ClearAsync(null, TestContext.Current.CancellationToken);

        using var snapshot = await _store.PullAsync(new PullOptions { Digest = digest });

        Assert.Equal(digest, snapshot.Digest);
    }

    [Fact]
    public async Task PullAsync_DigestThatTheOriginDoesNotHave_ThrowsAndStoresNothing()
    {
        var wanted = Digest.Of("another"u8);

        var wrong = await Assert.ThrowsAsync<IntegrityException>(() =>
            _store.PullAsync(new PullOptions { Digest = wanted })
        );

        Assert.Equal(wanted.ToString(), wrong.Expected);
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task PullAsync_DigestThatTheOriginNoLongerHas_LeavesTheEntryAsItWas()
    {
        var stored = await _store.PullAndReleaseAsync();

        await Assert.ThrowsAsync<IntegrityException>(() =>
            _store.PullAsync(new PullOptions { Digest = Digest.Of("x"u8) })
        );

        Assert.Equal(stored.Digest, _store.Cache.Find(_store.Reference)!.Digest);
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task PullAsync_DigestOfAnEarlierVersionInTheStore_ServesItWithoutTheOrigin()
    {
        var earlier = await _store.PullAndReleaseAsync();
        _store.Origin.Put("model.onnx", TestBytes.Of(5000, seed: 2));
        await _store.PullAndReleaseAsync(Stale);
        _store.Origin.IsForbidden = true;

        using var snapshot = await _store.PullAsync(new PullOptions { Digest = earlier.Digest });

        Assert.Equal(PullOutcome.Hit, snapshot.Outcome);
        Assert.Equal(TestBytes.Of(5000), await ReadAsync(snapshot, "model.onnx"));
    }

    [Fact]
    public async Task PullAsync_OriginGoesDownWhileAFileIsFetched_ServesWhatIsStored()
    {
        var stored = await _store.PullAndReleaseAsync();
        _store.Origin.Put("model.onnx", TestBytes.Of(5000, seed: 2));
        _store.Origin.SendsInstead = _ => throw Down();

        using var snapshot = await _store.PullAsync(Stale);

        Assert.Equal((PullOutcome.Stale, stored.Digest), (snapshot.Outcome, snapshot.Digest));
    }

    public void Dispose() => _store.Dispose();

    private static OriginException Down() => new(OriginFailure.Unavailable, "fake", "down");

    private static Task<byte[]> ReadAsync(Snapshot snapshot, string path) =>
        File.ReadAllBytesAsync(Path.Join(snapshot.Path, path), TestContext.Current.CancellationToken);
}
