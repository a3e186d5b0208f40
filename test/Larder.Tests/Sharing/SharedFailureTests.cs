using Larder.Sharing;
using Larder.TestKit;

namespace Larder.Tests.Sharing;

/// <summary>A store that is down, slow, forbidden or full costs time within a budget, and nothing else.</summary>
public sealed class SharedFailureTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly SharedTeam _team;

    public SharedFailureTests() => _team = new SharedTeam(_time);

    private static CancellationToken Token => SharedCacheCalls.Token;

    public ValueTask DisposeAsync() => _team.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HungStore_CostsItsDeadlineOnceWhateverIsAsked(bool noticesTheToken)
    {
        _team.Store.Before = (_, token) =>
            noticesTheToken ? Task.Delay(Timeout.Infinite, token) : new TaskCompletionSource().Task;
        var cache = _team.NewCache();
        var began = _time.GetUtcNow();
        var found = cache.FindAsync([SharedTeam.Key("one"), SharedTeam.Key("two")], Token);
        var published = cache.PublishAsync(_team.NewAnswer(SharedTeam.Key()));
        var lease = cache.AcquireLeaseAsync(SharedTeam.Key(), Token);
        await _time.WaitForTimerAsync(cache.Options.Deadline);

        _time.Advance(cache.Options.Deadline);

        Assert.All(await found, Assert.Null);
        Assert.Equal(SharedOutcome.NotPublished, (await published).Outcome);
        Assert.False((await lease).IsHeld);
        // And while it is left alone nothing waits at all.
        var requests = _team.Store.Requests.Count;
        Assert.Null(await cache.FindOneAsync(SharedTeam.Key()));
        Assert.Equal(SharedOutcome.NotPublished, (await cache.PublishAsync(_team.NewAnswer(SharedTeam.Key()))).Outcome);
        Assert.Equal(requests, _team.Store.Requests.Count);
        Assert.Equal(cache.Options.Deadline, _time.GetUtcNow() - began);
        Assert.Contains("left alone", Assert.Single(_team.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HungStore_ThatAnswersAgain_IsUsedAfterAMinute()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        _team.Store.Before = (_, token) => Task.Delay(Timeout.Infinite, token);
        var cache = _team.NewCache();
        var found = cache.FindOneAsync(answer.Key);
        await _time.WaitForTimerAsync(cache.Options.Deadline);
        _time.Advance(cache.Options.Deadline);
        Assert.Null(await found);
        _team.Store.Before = null;

        Assert.Null(await cache.FindOneAsync(answer.Key));
        _time.Advance(Patience.Rest);

        Assert.NotNull(await cache.FindOneAsync(answer.Key));
    }

    [Fact]
    public async Task SlowStore_OneRequestAfterAnother_LosesNoMoreThanItsDeadline()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        _team.Store.Before = (_, token) => Task.Delay(TimeSpan.FromSeconds(3), _time, token);
        var cache = _team.NewCache();
        var began = _time.GetUtcNow();
        var answers = 0;
        for (var i = 0; i < 20; i++)
        {
            var found = cache.FindOneAsync(answer.Key);
            while (!found.IsCompleted)
            {
                // Either it waits, and then time goes on, or it has not yet come so far.
                _time.Advance(TimeSpan.FromSeconds(0.25));
                await Task.Yield();
                await Task.WhenAny(found, Task.Delay(1, Token));
            }
            if (await found is not null)
                answers++;
        }

        Assert.InRange(answers, 1, 4);
        Assert.InRange(_time.GetUtcNow() - began, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(12));
    }

    [Theory]
    [InlineData(SharedFailure.Denied)]
    [InlineData(SharedFailure.NotFound)]
    public async Task RefusedReads_AreTurnedOffForAMinuteWithOneWarning(SharedFailure failure)
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        _team.Store.Before = (request, _) =>
            request.Verb == "read" ? throw _team.Store.Fail(failure, "no such right") : Task.CompletedTask;
        var cache = _team.NewCache();
        _team.Store.ForgetRequests();

        Assert.All(await cache.FindAsync([answer.Key, SharedTeam.Key("two")], Token), Assert.Null);
        Assert.Null(await cache.FindOneAsync(answer.Key));

        Assert.InRange(_team.Store.Requests.Count, 1, 2);
        Assert.Contains("no such right", Assert.Single(_team.Log.Warnings), StringComparison.Ordinal);
        _time.Advance(Patience.Rest);
        _team.Store.Before = null;
        Assert.NotNull(await cache.FindOneAsync(answer.Key));
    }

    [Theory]
    [InlineData(SharedFailure.Denied)]
    [InlineData(SharedFailure.Full)]
    public async Task RefusedWrites_AreTurnedOff_AndReadsGoOn(SharedFailure failure)
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        _team.Store.Before = (request, _) =>
            request.Verb is "write" or "upload" ? throw _team.Store.Fail(failure) : Task.CompletedTask;
        var cache = _team.NewCache();

        Assert.Equal(
            SharedOutcome.NotPublished,
            (await cache.PublishAsync(_team.NewAnswer(SharedTeam.Key("two"), 2))).Outcome
        );
        var requests = _team.Store.Requests.Count;
        Assert.Equal(
            SharedOutcome.NotPublished,
            (await cache.PublishAsync(_team.NewAnswer(SharedTeam.Key("three"), 3))).Outcome
        );
        Assert.Equal(requests, _team.Store.Requests.Count);
        Assert.NotNull(await cache.ReadAsync(answer.Key));
        Assert.Single(_team.Log.Warnings);
    }

    [Fact]
    public async Task TransientFailure_IsTriedAgain()
    {
        await using var team = new SharedTeam();
        var answer = await team.PublishNewAsync(SharedTeam.Key());
        var failures = 2;
        team.Store.Before = (_, _) =>
            failures-- > 0 ? throw team.Store.Fail(SharedFailure.Unavailable) : Task.CompletedTask;

        Assert.NotNull(await team.NewCache().FindOneAsync(answer.Key));
        Assert.Empty(team.Log.Warnings);
    }

    [Fact]
    public async Task RefusedConnections_AreAMissAndOneWarning()
    {
        await using var team = new SharedTeam();
        team.Store.Before = (_, _) => throw team.Store.Fail(SharedFailure.Unavailable, "connection refused");
        var cache = team.NewCache();

        Assert.All(await cache.FindAsync([SharedTeam.Key("one"), SharedTeam.Key("two")], Token), Assert.Null);
        Assert.Equal(SharedOutcome.NotPublished, (await cache.PublishAsync(team.NewAnswer(SharedTeam.Key()))).Outcome);
        Assert.False((await cache.AcquireLeaseAsync(SharedTeam.Key(), Token)).IsHeld);

        Assert.Contains("connection refused", Assert.Single(team.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreThatThrowsAnything_IsAMiss()
    {
        _team.Store.Before = (_, _) => throw new InvalidCastException("a defect of the store");
        var cache = _team.NewCache();

        Assert.Null(await cache.FindOneAsync(SharedTeam.Key()));
        Assert.Equal(SharedOutcome.NotPublished, (await cache.PublishAsync(_team.NewAnswer(SharedTeam.Key()))).Outcome);
        Assert.False((await cache.AcquireLeaseAsync(SharedTeam.Key(), Token)).IsHeld);
    }
}
