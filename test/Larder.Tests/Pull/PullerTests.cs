using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Pull;

public sealed class PullerTests : IDisposable
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

        var missing = await Assert.ThrowsAsync<NotCachedException>(() => _store.PullAsync(new PullOptions { Offline = true }));

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

        var wrong = await Assert.ThrowsAsync<IntegrityException>(() => _store.PullAsync(new PullOptions { Digest = wanted }));

        Assert.Equal(wanted.ToString(), wrong.Expected);
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task PullAsync_DigestThatTheOriginNoLongerHas_LeavesTheEntryAsItWas()
    {
        var stored = await _store.PullAndReleaseAsync();

        await Assert.ThrowsAsync<IntegrityException>(() => _store.PullAsync(new PullOptions { Digest = Digest.Of("x"u8) }));

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
    public async Task PullAsync_ManyCallersAtOnce_AskAndFetchOnce()
    {
        _store.Origin.Opening.Close();
        var pulls = Enumerable.Range(0, 64).Select(_ => _store.PullAsync()).ToList();
        await _store.Origin.Opening.Reached;
        _store.Origin.Opening.Open();

        foreach (var pull in pulls)
            (await pull).Dispose();
        Assert.Equal((1, 2), (_store.Origin.Listings, _store.Origin.Opened.Count));
    }

    [Fact]
    public async Task PullAsync_OneOfTwoCallersCancelled_TheOtherGetsTheModel()
    {
        using var leaving = new CancellationTokenSource();
        _store.Origin.Opening.Close();
        var first = _store.Cache.PullAsync(_store.Reference, cancellationToken: leaving.Token);
        var second = _store.PullAsync();
        await _store.Origin.Opening.Reached;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _store.Origin.Opening.Open();

        using var snapshot = await second;
        Assert.Equal(1, _store.Origin.Listings);
    }

    [Fact]
    public async Task PullAsync_RefreshWhileAnOlderPullIsUnderWay_AsksTheOriginItself()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Put("sub/labels.txt", "cat cow"u8.ToArray());
        _store.Origin.Opening.Close();
        var older = _store.PullAsync(new PullOptions { Refresh = true });
        await _store.Origin.Opening.Reached;
        _store.Origin.Put("model.onnx", TestBytes.Of(5000, seed: 2));
        _time.Advance(TimeSpan.FromSeconds(1));

        var newer = _store.PullAsync(new PullOptions { Refresh = true });
        _store.Origin.Opening.Open();

        (await older).Dispose();
        using var snapshot = await newer;
        Assert.Equal(TestBytes.Of(5000, seed: 2), await ReadAsync(snapshot, "model.onnx"));
    }

    [Fact]
    public async Task PullAsync_OriginDownForTwoWhoShareAFlight_EachDecidesByItsOwnOptions()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Failure = Down();
        _store.Origin.Listing.Close();
        var strict = _store.PullAsync(Stale with { StaleIfError = false });
        var content = _store.PullAsync(Stale);
        await _store.Origin.Listing.Reached;
        _store.Origin.Listing.Open();

        await Assert.ThrowsAsync<OriginException>(() => strict);
        using var snapshot = await content;
        Assert.Equal((PullOutcome.Stale, 2), (snapshot.Outcome, _store.Origin.Listings));
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

    [Fact]
    public async Task PullAsync_WrongDigestAskedByOne_IsNoFailureOfAnother()
    {
        _store.Origin.Opening.Close();
        var wrong = _store.PullAsync(new PullOptions { Digest = Digest.Of("another"u8) });
        await _store.Origin.Opening.Reached;
        using var other = _store.Open();
        var right = other.PullAsync(_store.Reference, cancellationToken: TestContext.Current.CancellationToken);
        _store.Origin.Opening.Open();

        await Assert.ThrowsAsync<IntegrityException>(() => wrong);
        using var snapshot = await right;
    }

    [Fact]
    public async Task PullAsync_FlightOfAnotherProcessFails_TakesItsFailureWithoutAskingAgain()
    {
        // The system's clock, not the manual one: who waits for another process asks again and again.
        using var store = new TestStore();
        store.Origin.Failure = new OriginException(OriginFailure.NotFound, "fake", "nothing there");
        store.Origin.Listing.Close();
        var first = store.PullAsync();
        await store.Origin.Listing.Reached;
        using var other = store.Open();
        var second = other.PullAsync(store.Reference, cancellationToken: TestContext.Current.CancellationToken);
        await OpenFiles.WaitForAsync(store.Layout.Flight(PullRequest.KeyOf(store.Reference), version: null), count: 2);
        store.Origin.Listing.Open();

        await Assert.ThrowsAsync<OriginException>(() => first);
        var failure = await Assert.ThrowsAsync<OriginException>(() => second);
        Assert.Equal((OriginFailure.NotFound, 1), (failure.Failure, store.Origin.Listings));
    }

    [Fact]
    public async Task PullAsync_FlightOfAnotherProcessLands_IsAHit()
    {
        using var store = new TestStore();
        store.Origin.Put("model.onnx", TestBytes.Of(10));
        store.Origin.Opening.Close();
        var first = store.PullAsync();
        await store.Origin.Opening.Reached;
        using var other = store.Open();
        var second = other.PullAsync(store.Reference, cancellationToken: TestContext.Current.CancellationToken);
        await OpenFiles.WaitForAsync(store.Layout.Flight(PullRequest.KeyOf(store.Reference), version: null), count: 2);
        store.Origin.Opening.Open();

        (await first).Dispose();
        using var snapshot = await second;
        Assert.Equal((PullOutcome.Hit, 1), (snapshot.Outcome, store.Origin.Listings));
    }

    [Fact]
    public async Task PullAsync_CancelledWhileItLooksAtWhatHasLanded_FreesTheFlight()
    {
        using var store = new TestStore();
        store.Origin.Put("model.onnx", TestBytes.Of(10));
        var stored = await store.PullAndReleaseAsync();
        var entry = Assert.Single(TestStore.Files(store.Layout.Entries));
        var document = await File.ReadAllBytesAsync(entry, TestContext.Current.CancellationToken);
        var path = store.Layout.Flight(PullRequest.KeyOf(store.Reference), version: null);
        File.Delete(entry);
        var flight = LockFile.TryAcquire(path, exclusive: true)!;
        using var leaving = new CancellationTokenSource();
        var pull = store.Cache.PullAsync(store.Reference, cancellationToken: leaving.Token);
        await OpenFiles.WaitForAsync(path, count: 2);
        await File.WriteAllBytesAsync(entry, document, TestContext.Current.CancellationToken);
        using var removing = LockFile.TryAcquire(store.Layout.SnapshotLease(stored.Digest), exclusive: true);
        flight.Dispose();
        await OpenFiles.WaitForAsync(path, count: 1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);

        using var next = await FlightLock.AcquireAsync(path, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task PullAsync_SharedByMany_CountsItsBytesOnce()
    {
        _store.Origin.Opening.Close();
        var pulls = Enumerable.Range(0, 8).Select(_ => _store.PullAsync()).ToList();
        await _store.Origin.Opening.Reached;
        _store.Origin.Opening.Open();
        foreach (var pull in pulls)
            (await pull).Dispose();

        var statistics = _store.Cache.GetStatistics();

        Assert.Equal((5007, 8, 0), (statistics.BytesFetched, statistics.Cache.Misses, statistics.Cache.Hits));
    }

    public void Dispose() => _store.Dispose();

    private static OriginException Down() => new(OriginFailure.Unavailable, "fake", "down");

    private static Task<byte[]> ReadAsync(Snapshot snapshot, string path) =>
        File.ReadAllBytesAsync(Path.Join(snapshot.Path, path), TestContext.Current.CancellationToken);
}
