using Larder.Content;
using Larder.Sharing;
using Larder.TestKit;

namespace Larder.Tests.Sharing;

public sealed class SharedLeaseTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly SharedTeam _team;
    private TimeSpan _pause = TimeSpan.FromSeconds(0.25);
    private bool _isRenewed;

    public SharedLeaseTests() => _team = new SharedTeam(_time);

    private static EntryKey Key => SharedTeam.Key();

    private static CancellationToken Token => SharedCacheCalls.Token;

    private static string Name => SharedNames.Lease("main", Key);

    public ValueTask DisposeAsync() => _team.DisposeAsync();

    [Fact]
    public async Task AcquireLeaseAsync_NobodyHasIt_IsHeldAtOnce()
    {
        await using var lease = await _team.NewCache().AcquireLeaseAsync(Key, Token);

        Assert.True(lease.IsHeld);
        Assert.False(lease.MustLookAgain);
        Assert.NotNull(_team.Store.Find(Name));
    }

    [Fact]
    public async Task AcquireLeaseAsync_SaysNothingOfTheMachine()
    {
        await using var lease = await _team.NewCache().AcquireLeaseAsync(Key, Token);

        var text = System.Text.Encoding.UTF8.GetString(_team.Store.Find(Name)!);
        Assert.Matches("""^\{"beat":0,"owner":"[0-9a-f]{32}"\}$""", text);
    }

    [Fact]
    public async Task DisposeAsync_OfALease_RemovesIt()
    {
        var lease = await _team.NewCache().AcquireLeaseAsync(Key, Token);

        await lease.DisposeAsync();
        await lease.DisposeAsync();

        Assert.Null(_team.Store.Find(Name));
    }

    [Fact]
    public async Task DisposeAsync_OfALeaseThatAnotherTookOver_LeavesIt()
    {
        var lease = await _team.NewCache().AcquireLeaseAsync(Key, Token);
        _team.Store.Put(Name, LeaseDocument.Write("another", 0));

        await lease.DisposeAsync();

        Assert.Equal("another", LeaseDocument.OwnerOf(_team.Store.Find(Name)));
    }

    [Fact]
    public async Task AcquireLeaseAsync_AnotherComputes_EndsWhenTheAnswerAppears()
    {
        await using var first = await _team.NewCache().AcquireLeaseAsync(Key, Token);
        var second = _team.NewCache().AcquireLeaseAsync(Key, Token);
        await PollAsync(second, polls: 3);
        Assert.False(second.IsCompleted);

        await _team.PublishNewAsync(Key);
        await EndAsync(second);

        Assert.True((await second).MustLookAgain);
        Assert.False((await second).IsHeld);
    }

    [Fact]
    public async Task AcquireLeaseAsync_AnotherGaveItBackWithoutAnAnswer_IsHeld()
    {
        var first = await _team.NewCache().AcquireLeaseAsync(Key, Token);
        var second = _team.NewCache().AcquireLeaseAsync(Key, Token);
        await PollAsync(second, polls: 2);

        await first.DisposeAsync();
        await EndAsync(second);

        await using var lease = await second;
        Assert.True(lease.IsHeld);
        Assert.False(lease.MustLookAgain);
    }

    [Fact]
    public async Task AcquireLeaseAsync_AnswerCameBetweenTheMissAndThis_SaysToLookAgain()
    {
        await _team.PublishNewAsync(Key);

        await using var lease = await _team.NewCache().AcquireLeaseAsync(Key, Token);

        Assert.True(lease.IsHeld && lease.MustLookAgain);
    }

    [Fact]
    public async Task AcquireLeaseAsync_EntryIsKnownToBeBroken_IsNoReasonToLookAgain()
    {
        var answer = await _team.PublishNewAsync(Key);
        _team.Store.Remove(answer.BlobName());
        var cache = _team.NewCache();
        Assert.Null(await cache.ReadAsync(Key));

        await using var lease = await cache.AcquireLeaseAsync(Key, Token);

        Assert.True(lease.IsHeld);
        Assert.False(lease.MustLookAgain);
    }

    [Fact]
    public async Task AcquireLeaseAsync_HolderDied_IsTakenOverAfterTheTimeToLiveOfTheWaitersClock()
    {
        _team.Store.Put(Name, LeaseDocument.Write("dead", 7));
        var began = _time.GetUtcNow();
        var second = _team.NewCache().AcquireLeaseAsync(Key, Token);

        await PollAsync(second, polls: 100);

        await using var lease = await second;
        Assert.True(lease.IsHeld);
        Assert.InRange(_time.GetUtcNow() - began, SharedLeases.TimeToLive, SharedLeases.TimeToLive * 1.5);
        Assert.NotEqual("dead", LeaseDocument.OwnerOf(_team.Store.Find(Name)));
    }

    [Fact]
    public async Task AcquireLeaseAsync_HolderLives_IsNeverTakenOver()
    {
        await using var first = await _team.NewCache().AcquireLeaseAsync(Key, Token);
        var owner = LeaseDocument.OwnerOf(_team.Store.Find(Name));
        var tag = _team.Store.Seen(Name)!.Tag;
        var second = _team.NewCache().AcquireLeaseAsync(Key, Token);

        _isRenewed = true;
        await PollAsync(second, polls: 40);

        Assert.False(second.IsCompleted);
        Assert.Equal(owner, LeaseDocument.OwnerOf(_team.Store.Find(Name)));
        Assert.NotEqual(tag, _team.Store.Seen(Name)!.Tag);
        await _team.PublishNewAsync(Key);
        await EndAsync(second);
        Assert.True((await second).MustLookAgain);
    }

    [Fact]
    public async Task AcquireLeaseAsync_WaitIsOver_ComputesAllTheSame()
    {
        await using var first = await _team.NewCache().AcquireLeaseAsync(Key, Token);
        var options = new SharedCacheOptions { LeaseWait = TimeSpan.FromSeconds(20) };
        var second = _team.NewCache(options).AcquireLeaseAsync(Key, Token);
        var began = _time.GetUtcNow();

        await PollAsync(second, polls: 100, options.LeaseWait);

        Assert.False((await second).IsHeld);
        Assert.False((await second).MustLookAgain);
        Assert.InRange(_time.GetUtcNow() - began, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(21));
    }

    [Fact]
    public async Task AcquireLeaseAsync_TwoTakeOverAtOnce_OnlyOneHoldsIt()
    {
        _team.Store.Put(Name, LeaseDocument.Write("dead", 0));
        var two = new[]
        {
            _team.NewCache().AcquireLeaseAsync(Key, Token),
            _team.NewCache().AcquireLeaseAsync(Key, Token),
        };

        await PollAsync(Task.WhenAny(two), polls: 100);

        await using var lease = await await Task.WhenAny(two);
        Assert.True(lease.IsHeld);
        await _team.PublishNewAsync(Key);
        var late = Task.WhenAll(two);
        await EndAsync(late);
        Assert.Single(await late, acquired => acquired.IsHeld);
    }

    [Fact]
    public async Task Renewal_WhoseAnswerWasLost_KeepsTheLease()
    {
        var lease = await _team.NewCache().AcquireLeaseAsync(Key, Token);
        var lost = 0;
        _team.Store.After = (request, _) =>
            request.Verb == "replace" && Interlocked.Increment(ref lost) == 1
                ? throw _team.Store.Fail(SharedFailure.Broken)
                : Task.CompletedTask;
        for (var i = 0; i < 2; i++)
        {
            var renewals = Renewals();
            await _time.AdvanceWhenWaitedForAsync(SharedLeases.TimeToLive / 3);
            await UntilAsync(() => Renewals() > renewals);
        }
        await UntilAsync(() => _team.Store.Requests[^1].Verb is "read" or "replace");

        await lease.DisposeAsync();

        Assert.Null(_team.Store.Find(Name));
    }

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    public async Task AcquireLeaseAsync_WhereThereAreNone_AsksNothing(bool leases, bool read, bool write)
    {
        var options = new SharedCacheOptions
        {
            Leases = leases,
            Read = read,
            Write = write,
        };

        await using var lease = await _team.NewCache(options).AcquireLeaseAsync(Key, Token);

        Assert.False(lease.IsHeld || lease.MustLookAgain);
        Assert.Empty(_team.Store.Requests);
    }

    [Fact]
    public async Task AcquireLeaseAsync_Cancelled_Throws()
    {
        await using var first = await _team.NewCache().AcquireLeaseAsync(Key, Token);
        using var cancelled = new CancellationTokenSource();
        var second = _team.NewCache().AcquireLeaseAsync(Key, cancelled.Token);
        await PollAsync(second, polls: 1);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    private int Renewals() => _team.Store.Requests.Count(request => request.Verb == "replace");

    private static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
            await Task.Delay(1, Token);
    }

    // Time goes on when the waiter has come to his next pause, and not before.
    private async Task PollAsync(Task waiter, int polls, TimeSpan? leaseWait = null)
    {
        var began = _time.GetUtcNow();
        for (var i = 0; i < polls && !waiter.IsCompleted; i++)
        {
            var left = leaseWait - (_time.GetUtcNow() - began);
            await Task.WhenAny(waiter, _time.AdvanceWhenWaitedForAsync(left < _pause ? left.Value : _pause));
            _pause = _pause < TimeSpan.FromSeconds(2.5) ? _pause * 2 : TimeSpan.FromSeconds(5);
            // Whoever holds it has had the time to renew it.
            if (_isRenewed)
                await UntilAsync(() => _time.GetUtcNow() - _team.Store.Seen(Name)!.Modified < TimeSpan.FromSeconds(16));
        }
    }

    private async Task EndAsync(Task waiter)
    {
        while (!waiter.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(5, Token);
        }
    }
}
