using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Pull;

// What callers share who want the same model at the same time, in one process and across processes.
public sealed partial class PullerTests
{
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

        using var next = await FlightLock.AcquireAsync(path, TestContext.Current.CancellationToken);
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
}
