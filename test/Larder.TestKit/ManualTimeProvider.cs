namespace Larder.TestKit;

/// <summary>A clock that stands still until a test moves it; what falls due runs on the test's own thread.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private TaskCompletionSource _timerSet = NewSignal();
    private DateTimeOffset _now = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _isBack;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now - _isBack;
    }

    public override long GetTimestamp()
    {
        lock (_lock)
            return _now.Ticks;
    }

    /// <summary>Sets the time of day back, as somebody does whose clock was wrong; how long things take stays as it is.</summary>
    public void SetBack(TimeSpan time)
    {
        lock (_lock)
            _isBack += time;
    }

    public void Advance(TimeSpan time)
    {
        ManualTimer[] due;
        lock (_lock)
        {
            _now += time;
            due = [.. _timers.Where(timer => timer.Due <= _now)];
            foreach (var timer in due)
                timer.Due = timer.Period is { } period ? _now + period : DateTimeOffset.MaxValue;
        }
        foreach (var timer in due)
            timer.Fire();
    }

    /// <summary>Advances as soon as somebody waits for just that time: what began to wait elsewhere has then not missed it.</summary>
    public async Task AdvanceWhenWaitedForAsync(TimeSpan time)
    {
        await WaitForTimerAsync(due => due == time);
        Advance(time);
    }

    /// <summary>Waits until somebody waits for a time within this.</summary>
    public Task WaitForTimerAsync(TimeSpan within) => WaitForTimerAsync(due => due <= within);

    private async Task WaitForTimerAsync(Func<TimeSpan, bool> isWanted)
    {
        while (true)
        {
            Task timerSet;
            lock (_lock)
            {
                timerSet = _timerSet.Task;
                if (_timers.Exists(timer => isWanted(timer.Due - _now)))
                    return;
            }
            await timerSet;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        lock (_lock)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class ManualTimer(ManualTimeProvider clock, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; set; } = DateTimeOffset.MaxValue;

        public TimeSpan? Period { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : clock._now + dueTime;
                Period = period > TimeSpan.Zero ? period : null;
                clock._timerSet.SetResult();
                clock._timerSet = NewSignal();
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
