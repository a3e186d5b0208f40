using System.Diagnostics.CodeAnalysis;

namespace Larder.Sharing;

/// <summary>How long a store may keep its users waiting, all of them together.</summary>
/// <remarks>
/// <para>
/// A budget of time. What a wait lost is taken from it, and of waits at the same time only what the others have not lost already:
/// it is the clock on the wall that counts. When it is spent, all who wait are let go at that moment; nobody waits for a minute,
/// and then there is a fresh budget. So a store that hangs takes no more than the budget out of every minute, whatever is asked
/// of it.
/// </para>
/// <para>
/// A wait that ended with an answer has lost only what went beyond <see cref="Answer"/>: quick answers, however many, got their
/// user further. A transfer has lost what it took beyond the time that its bytes take at the least rate.
/// </para>
/// </remarks>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "The source has no timer and no handle, and who waits may still hold its token when all else has ended."
)]
internal sealed class Patience
{
    /// <summary>How long a store is left alone.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    /// <summary>What an answer may take for nothing.</summary>
    public static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(250);

    private readonly TimeSpan _budget;
    private readonly TimeProvider _time;
    private readonly Action _spentAll;

    // Under the lock.
    private readonly Lock _lock = new();
    private readonly HashSet<PatientWait> _waits = [];
    private readonly LostTime _lost = new();
    private CancellationTokenSource _epoch = new();
    private long? _restsSince;

    /// <summary>Begins with a fresh budget.</summary>
    /// <param name="budget">How long.</param>
    /// <param name="leastBytesPerSecond">The rate at which a transfer costs nothing.</param>
    /// <param name="time">The clock.</param>
    /// <param name="spentAll">Told when the budget is spent, once each time.</param>
    public Patience(TimeSpan budget, long leastBytesPerSecond, TimeProvider time, Action spentAll)
    {
        _budget = budget;
        _time = time;
        _spentAll = spentAll;
        LeastBytesPerSecond = leastBytesPerSecond;
    }

    public long LeastBytesPerSecond { get; }

    public TimeProvider Time => _time;

    /// <summary>What has been lost of the present budget.</summary>
    public TimeSpan Spent
    {
        get
        {
            lock (_lock)
                return SpanOf(_lost.Total);
        }
    }

    /// <summary>Begins a wait, which runs until it is paused or disposed; null while the store is left alone.</summary>
    public PatientWait? TryBegin()
    {
        CancellationToken epoch;
        lock (_lock)
        {
            if (_restsSince is { } since)
            {
                if (_time.GetElapsedTime(since) < Rest)
                    return null;
                _restsSince = null;
                _lost.Clear();
                _epoch = new CancellationTokenSource();
            }
            epoch = _epoch.Token;
        }
        var wait = new PatientWait(this, epoch);
        lock (_lock)
            _waits.Add(wait);
        wait.Resume();
        return wait;
    }

    /// <summary>A wait is over, and has lost so much.</summary>
    public void End(PatientWait wait, TimeSpan lost)
    {
        Take(lost, wait.Token);
        lock (_lock)
            _waits.Remove(wait);
    }

    /// <summary>Takes what a wait has lost until now from the budget that it began with.</summary>
    public void Take(TimeSpan lost, CancellationToken epoch)
    {
        if (lost <= TimeSpan.Zero || Count(lost, isOver: true, epoch) <= TimeSpan.Zero)
            return;
        PatientWait[] others;
        lock (_lock)
            others = [.. _waits];
        // They reckoned with more.
        foreach (var other in others)
            other.Look();
    }

    /// <summary>How much longer a wait may last that has lost so much until now; nothing left lets everybody go.</summary>
    public TimeSpan LeftAfter(TimeSpan lost, CancellationToken epoch) => Count(lost, isOver: false, epoch);

    private TimeSpan Count(TimeSpan lost, bool isOver, CancellationToken epoch)
    {
        CancellationTokenSource ended;
        lock (_lock)
        {
            // What began with an earlier budget is no business of this one.
            if (_restsSince is not null || epoch != _epoch.Token)
                return TimeSpan.Zero;
            var now = _time.GetTimestamp();
            var from = now - (long)(Math.Max(0, lost.TotalSeconds) * _time.TimestampFrequency);
            var left = _budget - SpanOf(_lost.TotalWith(from, now));
            if (isOver)
                _lost.Add(from, now, _waits.Count == 0 ? now : _waits.Min(wait => wait.Began));
            if (left > TimeSpan.Zero)
                return left;
            _restsSince = now;
            ended = _epoch;
        }
        _spentAll();
        ended.Cancel();
        return TimeSpan.Zero;
    }

    private TimeSpan SpanOf(long timestamps) => _time.GetElapsedTime(0, timestamps);
}
