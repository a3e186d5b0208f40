using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.Store.Room;
using Larder.TestKit;

namespace Larder.Tests.Faults;

/// <summary>Clocks that jump, processes that are stopped, locks that somebody keeps.</summary>
public sealed class TimeTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly TestStore _store;

    public TimeTests()
    {
        _store = new TestStore(time: _time);
        _store.Origin.Put("model.onnx", TestBytes.Of(5000));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(-3650, PullOutcome.Revalidated)]
    [InlineData(-1, PullOutcome.Revalidated)]
    [InlineData(2, PullOutcome.Revalidated)]
    [InlineData(0, PullOutcome.Hit)]
    public async Task PullAsync_WallClockJumps_AsksTheOriginOnceAndKeepsWhatIsThere(int days, PullOutcome first)
    {
        await _store.PullAndReleaseAsync();
        _time.Advance(TimeSpan.FromDays(days));

        var after = await _store.PullAndReleaseAsync();
        var again = await _store.PullAndReleaseAsync();

        Assert.Equal((first, PullOutcome.Hit), (after.Outcome, again.Outcome));
        Assert.Equal(0, after.FilesFetched);
    }

    [Theory]
    [InlineData(-3650)]
    [InlineData(2)]
    public async Task EvictAsync_WallClockJumps_TakesNothingForOldThatIsNot(int days)
    {
        await _store.PullAndReleaseAsync();
        _time.Advance(TimeSpan.FromDays(days));

        var result = await _store.Cache.EvictAsync(
            new EvictOptions { OlderThan = TimeSpan.FromDays(30) },
            Cancellation
        );

        Assert.Empty(result.Removed);
    }

    [Fact]
    public async Task ClearAsync_HolderIsStopped_LeavesWhatItHoldsUntilItIsGone()
    {
        Directory.CreateDirectory(_store["model"]);
        await File.WriteAllBytesAsync(Path.Combine(_store["model"], "model.onnx"), TestBytes.Of(900), Cancellation);
        using var host = HostProcess.Start(["hold", _store.Root, ModelReference.OfPath(_store["model"]).Text]);
        await host.ReadToAsync("held");
        host.Signal("STOP");
        // However long: a lease is a lock of the kernel's and has no time in it.
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(0, (await _store.Cache.ClearAsync(null, Cancellation)).RemovedEntries);

        host.Signal("CONT");
        Assert.Equal(0, (await host.EndAsync()).ExitCode);
        Assert.Equal(1, (await _store.Cache.ClearAsync(null, Cancellation)).RemovedEntries);
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task PullAsync_SomebodyKeepsTheRoom_ServesHitsAndSaysWhoToLookFor()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Put("model.onnx", TestBytes.Of(6000, seed: 2));
        using var kept = LockFile.TryAcquire(_store.Layout.RoomLock, exclusive: true);

        Assert.Equal(PullOutcome.Hit, (await _store.PullAndReleaseAsync()).Outcome);
        var miss = _store.PullAsync(new PullOptions { Refresh = true });

        await _time.AdvanceWhenWaitedForAsync(StoreRoom.Patience);

        var refused = await Assert.ThrowsAsync<StoreException>(() => miss);
        Assert.Contains(_store.Layout.RoomLock, refused.Message, StringComparison.Ordinal);
        Assert.Contains("fuser", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_SomebodyKeepsTheCommitLock_ServesHitsAndWaitsAsLongAsItIsWanted()
    {
        await _store.PullAndReleaseAsync();
        _store.Origin.Put("model.onnx", TestBytes.Of(6000, seed: 2));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using (LockFile.TryAcquire(_store.Layout.CommitLock, exclusive: true))
        {
            Assert.Equal(PullOutcome.Hit, (await _store.PullAndReleaseAsync()).Outcome);
            var miss = _store.Cache.PullAsync(_store.Reference, new PullOptions { Refresh = true }, end.Token);
            _time.Advance(TimeSpan.FromMinutes(1));
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => miss);
        }

        // What the one who waited had fetched by then is taken, so the bytes of this one say nothing.
        using var after = await _store.PullAsync(new PullOptions { Refresh = true });
        Assert.Equal(PullOutcome.Miss, after.Outcome);
        Assert.Equal(6000, after.Manifest.SizeBytes);
    }

    public void Dispose() => _store.Dispose();
}
