using Larder.Sharing;
using Larder.TestKit;

namespace Larder.Tests.Sharing;

public sealed class PatienceTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Patience _patience;
    private int _spent;

    public PatienceTests() => _patience = new Patience(Seconds(10), 1 << 20, _time, () => _spent++);

    [Fact]
    public void TryBegin_NothingComes_IsLetGoWhenTheBudgetIsSpent()
    {
        using var wait = _patience.TryBegin()!;

        _time.Advance(Seconds(9.9));
        Assert.False(wait.Token.IsCancellationRequested);
        _time.Advance(Seconds(0.1));

        Assert.True(wait.Token.IsCancellationRequested);
        Assert.Equal(1, _spent);
    }

    [Fact]
    public void TryBegin_AfterItIsSpent_IsRefusedForAMinuteAndThenHasAFreshBudget()
    {
        using (_patience.TryBegin()!)
            _time.Advance(Seconds(10));

        Assert.Null(_patience.TryBegin());
        _time.Advance(Seconds(59.9));
        Assert.Null(_patience.TryBegin());
        _time.Advance(Seconds(0.1));
        using var wait = _patience.TryBegin();

        Assert.NotNull(wait);
        _time.Advance(Seconds(9.9));
        Assert.False(wait.Token.IsCancellationRequested);
    }

    [Fact]
    public void Dispose_OfManyThatWaitedAtOnce_CostsTheTimeOnTheWallOnce()
    {
        var waits = Enumerable.Range(0, 20).Select(_ => _patience.TryBegin()!).ToList();
        _time.Advance(Seconds(3));
        waits.ForEach(wait => wait.Dispose());

        Assert.Equal(Seconds(3), _patience.Spent);
    }

    [Fact]
    public void Dispose_OfWaitsThatOverlap_CostsTheirUnion()
    {
        var first = _patience.TryBegin()!;
        _time.Advance(Seconds(2));
        var second = _patience.TryBegin()!;
        _time.Advance(Seconds(1));
        first.Dispose();
        _time.Advance(Seconds(2));
        second.Dispose();

        Assert.Equal(Seconds(5), _patience.Spent);
    }

    [Fact]
    public void Dispose_OneAfterAnother_IsAddedUpAndTheLastIsLetGoEarly()
    {
        for (var i = 0; i < 3; i++)
        {
            using (_patience.TryBegin()!)
                _time.Advance(Seconds(3));
        }
        using var last = _patience.TryBegin()!;
        _time.Advance(Seconds(1));

        Assert.True(last.Token.IsCancellationRequested);
    }

    [Fact]
    public void Answered_QuicklyAndOften_CostsNothing()
    {
        for (var i = 0; i < 1000; i++)
        {
            using var wait = _patience.TryBegin()!;
            _time.Advance(Seconds(0.05));
            wait.Answered();
        }

        Assert.Equal(TimeSpan.Zero, _patience.Spent);
    }

    [Fact]
    public void Answered_Slowly_CostsWhatWentBeyondAnAnswersTime()
    {
        using (var wait = _patience.TryBegin()!)
        {
            _time.Advance(Seconds(4));
            wait.Answered();
        }

        Assert.Equal(Seconds(4) - Patience.Answer, _patience.Spent);
    }

    [Fact]
    public void Moved_AtTheLeastRate_NeverEnds()
    {
        using var wait = _patience.TryBegin()!;
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(Seconds(5));
            wait.Moved(5 << 20);
        }

        Assert.False(wait.Token.IsCancellationRequested);
    }

    [Fact]
    public void Moved_AtHalfTheLeastRate_LosesHalfTheTime()
    {
        using var wait = _patience.TryBegin()!;
        for (var i = 0; i < 18; i++)
        {
            _time.Advance(Seconds(1));
            wait.Moved(1 << 19);
        }
        Assert.False(wait.Token.IsCancellationRequested);
        for (var i = 0; i < 2; i++)
        {
            _time.Advance(Seconds(1));
            wait.Moved(1 << 19);
        }

        Assert.True(wait.Token.IsCancellationRequested);
    }

    [Fact]
    public void Moved_ThenHung_IsNotCarriedByAQuickStart()
    {
        using var wait = _patience.TryBegin()!;
        _time.Advance(Seconds(1));
        wait.Moved(1L << 40);
        _time.Advance(Seconds(5));
        _time.Advance(Seconds(6));

        Assert.True(wait.Token.IsCancellationRequested);
    }

    [Fact]
    public void Pause_WhileNobodyWaits_CostsNothing()
    {
        using var wait = _patience.TryBegin()!;
        wait.Pause();
        _time.Advance(TimeSpan.FromHours(1));
        wait.Resume();
        _time.Advance(Seconds(1));
        wait.Settle();

        Assert.Equal(Seconds(1), _patience.Spent);
        Assert.False(wait.Token.IsCancellationRequested);
    }

    [Fact]
    public void Resume_ByTwoAtOnce_RunsUntilBothHavePaused()
    {
        using var wait = _patience.TryBegin()!;
        wait.Resume();
        _time.Advance(Seconds(1));
        wait.Pause();
        _time.Advance(Seconds(1));
        wait.Pause();
        _time.Advance(Seconds(1));
        wait.Settle();

        Assert.Equal(Seconds(2), _patience.Spent);
    }

    [Fact]
    public void Dispose_OfAWaitOfAnEarlierBudget_TakesNothingFromTheNext()
    {
        var old = _patience.TryBegin()!;
        _time.Advance(Seconds(10));
        _time.Advance(Patience.Rest);
        using var fresh = _patience.TryBegin()!;
        fresh.Pause();
        old.Dispose();

        Assert.Equal(TimeSpan.Zero, _patience.Spent);
    }

    [Fact]
    public void TryBegin_RandomWaits_NeverLoseMoreThanTheBudgetInAMinuteOfRest()
    {
        const int Seed = 20251;
        var random = new Random(Seed);
        var running = new List<PatientWait>();
        // The wall time during which somebody waited without an answer, in the present budget.
        var (lost, spentBefore) = (TimeSpan.Zero, 0);
        for (var step = 0; step < 20_000; step++)
        {
            if (random.Next(3) == 0 && running.Count < 5 && _patience.TryBegin() is { } wait)
                running.Add(wait);
            var time = TimeSpan.FromMilliseconds(random.Next(1, 400));
            if (running.Count > 0)
                lost += time;
            _time.Advance(time);
            if (random.Next(4) == 0 && running.Count > 0)
            {
                var ended = running[random.Next(running.Count)];
                ended.Dispose();
                running.Remove(ended);
            }
            if (_spent == spentBefore)
            {
                Assert.True(lost < Seconds(10), $"Seed {Seed}, step {step}: {lost} lost and nobody was let go.");
                continue;
            }
            Assert.True(lost >= Seconds(10), $"Seed {Seed}, step {step}: let go after {lost}.");
            _time.Advance(Patience.Rest);
            Assert.All(running, late => Assert.True(late.Token.IsCancellationRequested));
            running.ForEach(late => late.Dispose());
            running.Clear();
            (lost, spentBefore) = (TimeSpan.Zero, _spent);
        }
        Assert.True(_spent > 10, $"Seed {Seed}: spent only {_spent} times.");
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
