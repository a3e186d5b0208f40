namespace Larder.Sharing;

/// <summary>One wait for a store, or one transfer of many: counts what it loses and ends with the patience.</summary>
/// <remarks>
/// A transfer over several connections is one: it loses time only while its connections together are slower than the least rate.
/// What came faster pays for what was slow before, and for a second to come: one that stops after a quick start is not carried
/// by that start.
/// </remarks>
internal sealed class PatientWait : IDisposable
{
    private static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(1);

    /// <summary>The clock of a system ticks in milliseconds: less cannot be waited for.</summary>
    private static readonly TimeSpan LeastTimer = TimeSpan.FromMilliseconds(1);

    private readonly Patience _patience;
    private readonly ITimer _timer;

    // Under the lock, which is never held while the patience is asked: that has a lock of its own.
    private readonly Lock _lock = new();
    private int _running;
    private long _since;
    private TimeSpan _lost;
    private bool _isAnswered;
    private bool _isOver;

    public PatientWait(Patience patience, CancellationToken token)
    {
        _patience = patience;
        Token = token;
        Began = patience.Time.GetTimestamp();
        using (ExecutionContext.SuppressFlow())
            _timer = patience.Time.CreateTimer(
                static wait => ((PatientWait)wait!).Look(),
                this,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan
            );
    }

    /// <summary>Cancelled when the patience has ended.</summary>
    public CancellationToken Token { get; }

    /// <summary>When it began: it cannot have lost anything before.</summary>
    public long Began { get; }

    /// <summary>Somebody waits from now on; of several at once, each says so.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            if (_isOver || _running++ > 0)
                return;
            _since = _patience.Time.GetTimestamp();
        }
        Look();
    }

    /// <summary>Somebody does not wait any more.</summary>
    public void Pause()
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            Count();
            _running--;
        }
    }

    /// <summary>Bytes went over.</summary>
    public void Moved(long bytes)
    {
        lock (_lock)
        {
            Count();
            _lost -= TimeSpan.FromSeconds((double)bytes / _patience.LeastBytesPerSecond);
            if (_lost < -MostAhead)
                _lost = -MostAhead;
        }
    }

    /// <summary>What was waited for came.</summary>
    public void Answered()
    {
        lock (_lock)
            _isAnswered = true;
    }

    /// <summary>Takes what has been lost until now from the patience, and goes on.</summary>
    public void Settle()
    {
        TimeSpan lost;
        lock (_lock)
        {
            Count();
            lost = _lost;
            if (lost > TimeSpan.Zero)
                _lost = TimeSpan.Zero;
        }
        _patience.Take(lost, Token);
    }

    /// <summary>Ends all waits if this one has lost the rest of the budget, and else looks again when it will have.</summary>
    public void Look()
    {
        TimeSpan lost;
        lock (_lock)
        {
            if (_isOver || _running == 0)
                return;
            Count();
            lost = _lost;
        }
        var left = _patience.LeftAfter(lost, Token);
        if (left <= TimeSpan.Zero || Token.IsCancellationRequested)
            return;
        if (lost < TimeSpan.Zero)
            left -= lost;
        // Bytes that come meanwhile do not move it: it looks again when it is due.
        _timer.Change(left > LeastTimer ? left : LeastTimer, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            _isOver = true;
            Count();
            _running = 0;
            if (_isAnswered)
                _lost -= Patience.Answer;
        }
        _timer.Dispose();
        _patience.End(this, _lost);
    }

    private void Count()
    {
        if (_running == 0)
            return;
        var now = _patience.Time.GetTimestamp();
        _lost += _patience.Time.GetElapsedTime(_since, now);
        _since = now;
    }
}
