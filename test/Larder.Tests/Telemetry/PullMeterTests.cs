using Larder.Origins;
using Larder.Pull;
using Larder.TestKit;

namespace Larder.Tests.Telemetry;

[Collection(AloneTests.Name)]
public sealed class PullMeterTests : IDisposable
{
    private static readonly PullOptions Asked = new() { FreshFor = TimeSpan.Zero };

    private readonly Measurements _measured = new();
    private readonly TestStore _store = new();

    [Fact]
    public async Task Pulls_OfEachOutcome_AreCountedWithTheirBytesOnce()
    {
        _store.Origin.Put("a.bin", TestBytes.Of(70_000)).Put("b.bin", TestBytes.Of(30_000, seed: 2));

        await _store.PullAndReleaseAsync();
        await _store.PullAndReleaseAsync();
        await _store.PullAndReleaseAsync(Asked);
        _store.Origin.Failure = new OriginException(OriginFailure.Unavailable, _store.Reference.Text, "It is down.");
        await _store.PullAndReleaseAsync(Asked);
        await Assert.ThrowsAsync<OriginException>(() =>
            _store.PullAndReleaseAsync(Asked with { StaleIfError = false })
        );

        foreach (var outcome in new[] { "miss", "hit", "revalidated", "stale", "failed" })
            Assert.Equal((outcome, 1), (outcome, _measured[$"larder.pulls.answered outcome={outcome}"]));
        Assert.Equal(100_000, _measured["larder.pulls.fetched from=origin"]);
        Assert.Equal(100_000, _measured["larder.transfers.bytes"]);
        Assert.True(_measured.Has("larder.transfers.active"));
        Assert.Equal(0, _measured["larder.transfers.active"]);
        Assert.True(_measured.Has("larder.pulls.duration outcome=miss"));
        Assert.False(_measured.Has("larder.pulls.duration outcome=failed"));
    }

    [Fact]
    public async Task Pull_Cancelled_IsNoFailure()
    {
        _store.Origin.Put("a.bin", TestBytes.Of(1000));
        _store.Origin.Opening.Close();
        using var cancellation = new CancellationTokenSource();
        var pull = _store.Cache.PullAsync(_store.Reference, cancellationToken: cancellation.Token);
        await _store.Origin.Opening.Reached;

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);
        Assert.False(_measured.Has("larder.pulls.answered outcome=failed"));
    }

    [Fact]
    public async Task Gauges_AfterAPullAndAHit_TellWhatTheStoreHoldsUntilItIsClosed()
    {
        _store.Origin.Put("a.bin", TestBytes.Of(70_000));
        await _store.PullAndReleaseAsync();
        await _store.PullAndReleaseAsync();

        _measured.Observe();

        Assert.Equal(70_000, _measured["larder.store.bytes"]);
        Assert.Equal(70_000, _measured["larder.store.fetched"]);
        Assert.Equal(70_000, _measured["larder.store.saved"]);
        Assert.Equal(
            (1, 1, 1),
            (_measured["larder.store.models"], _measured["larder.store.hits"], _measured["larder.store.misses"])
        );
        // There is no limit.
        Assert.False(_measured.Has("larder.store.capacity"));
    }

    [Fact]
    public async Task Gauges_StoreIsClosed_TellNothing()
    {
        _store.Origin.Put("a.bin", TestBytes.Of(70_000));
        await _store.PullAndReleaseAsync();
        _store.Dispose();

        _measured.Observe();

        Assert.False(_measured.Has("larder.store.bytes"));
    }

    public void Dispose()
    {
        _measured.Dispose();
        _store.Dispose();
    }
}
