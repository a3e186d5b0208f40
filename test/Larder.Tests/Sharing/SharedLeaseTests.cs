using Larder.Content;
using Larder.Sharing;
using Larder.TestKit;

namespace Larder.Tests.Sharing;

public sealed class SharedLeaseTests : IAsyncDisposable
{
    // Each machine has a clock of its own, so that nobody's time goes on while somebody else is at work.
    private readonly ManualTimeProvider _time = new();
    private readonly ManualTimeProvider _waiters = new();
    private readonly SharedTeam _team;

    public SharedLeaseTests() => _team = new SharedTeam(_time);

    private static EntryKey Key => SharedTeam.Key();

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // The clock may go on while a renewal is under way: the store is not slow for that.
    private static SharedCacheOptions Patient { get; } = new() { Deadline = TimeSpan.FromMinutes(30) };

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
        var second = _team.NewCache(time: _waiters).AcquireLeaseAsync(Key, Token);
        for (var i = 0; i < 3; i++)
            await PauseAsync(second);
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
        var second = _team.NewCache(time: _waiters).AcquireLeaseAsync(Key, Token);
        await PauseAsync(second);
        await PauseAsync(second);

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
        var began = _waiters.GetUtcNow();
        var second = _team.NewCache(time: _waiters).AcquireLeaseAsync(Key, Token);

        await EndAsync(second);

        await using var lease = await second;
        Assert.True(lease.IsHeld);
        Assert.InRange(_waiters.GetUtcNow() - began, SharedLeases.TimeToLive, SharedLeases.TimeToLive * 1.5);
        Assert.NotEqual("dead", LeaseDocument.OwnerOf(_team.Store.Find(Name)));
    }

    [Fact]
    public async Task AcquireLeaseAsync_HolderLives_IsNeverTakenOver()
    {
        await using var first = await _team.NewCache(Patient).AcquireLeaseAsync(Key, Token);
        var owner = LeaseDocument.OwnerOf(_team.Store.Find(Name));
        var tag = _team.Store.Seen(Name)!.Tag;
        var second = _team.NewCache(time: _waiters).AcquireLeaseAsync(Key, Token);

        for (var i = 0; i < 10; i++)
        {
            var renewals = Renewals();
            await _time.AdvanceWhenWaitedForAsync(SharedLeases.TimeToLive / 3);
            await UntilAsync(() => Renewals() > renewals);
            // Three times as long as a lease lives, in all.
            for (var moved = TimeSpan.Zero; moved < SharedLeases.TimeToLive / 3; moved += Second)
                await PauseAsync(second);
        }

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
        var second = _team.NewCache(options, _waiters).AcquireLeaseAsync(Key, Token);
        var began = _waiters.GetUtcNow();

        await EndAsync(second);

        Assert.False((await second).IsHeld);
        Assert.False((await second).MustLookAgain);
        Assert.InRange(_waiters.GetUtcNow() - began, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(21));
    }

    [Fact]
    public async Task AcquireLeaseAsync_TwoTakeOverAtOnce_OnlyOneHoldsIt()
    {
        _team.Store.Put(Name, LeaseDocument.Write("dead", 0));
        // Neither replaces it before both have seen that its time is over.
        var (arrived, both) = (0, new TaskCompletionSource());
        _team.Store.Before = (request, _) =>
        {
            if (request.Verb == "replace" && Interlocked.Increment(ref arrived) == 2)
                both.SetResult();
            return request.Verb == "replace" ? both.Task : Task.CompletedTask;
        };
        var clock = new ManualTimeProvider();
        var one = _team.NewCache(time: _waiters).AcquireLeaseAsync(Key, Token);
        var other = _team.NewCache(time: clock).AcquireLeaseAsync(Key, Token);
        while (Volatile.Read(ref arrived) < 2)
        {
            await PauseAsync(one, _waiters, both.Task);
            await PauseAsync(other, clock, both.Task);
        }

        var winner = await Task.WhenAny(one, other);
        await using var lease = await winner;
        Assert.True(lease.IsHeld);
        await _team.PublishNewAsync(Key);
        var late = winner == one ? other : one;
        await EndAsync(late, winner == one ? clock : _waiters);
        Assert.False((await late).IsHeld);
        Assert.True((await late).MustLookAgain);
    }

    [Fact]
    public async Task Renewal_WhoseAnswerWasLost_KeepsTheLease()
    {
        var lease = await _team.NewCache(Patient).AcquireLeaseAsync(Key, Token);
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
        var second = _team.NewCache(time: _waiters).AcquireLeaseAsync(Key, cancelled.Token);
        await PauseAsync(second);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    private int Renewals() => _team.Store.Requests.Count(request => request.Verb == "replace");

    private static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
            await Task.Delay(1, Token);
    }

    private Task PauseAsync(Task waiter) => PauseAsync(waiter, _waiters, waiter);

    // His time goes on when he has come to his next pause, and not before.
    private static async Task PauseAsync(Task waiter, ManualTimeProvider clock, Task end)
    {
        await Task.WhenAny(waiter, end, clock.WaitForTimerAsync(SharedLeases.LongestPause));
        if (!waiter.IsCompleted && !end.IsCompleted)
            clock.Advance(Second);
    }

    private Task EndAsync(Task waiter) => EndAsync(waiter, _waiters);

    private static async Task EndAsync(Task waiter, ManualTimeProvider clock)
    {
        while (!waiter.IsCompleted)
            await PauseAsync(waiter, clock, waiter);
    }
}
