namespace Larder.Transfer;

/// <summary>Bytes a second over the last five seconds.</summary>
internal sealed class RateWindow(TimeProvider timeProvider)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly long _start = timeProvider.GetTimestamp();
    private readonly Queue<(long Time, long Bytes)> _samples = [];
    private (long Time, long Bytes) _last;
    private long _bytes;

    /// <summary>Notes bytes that arrived.</summary>
    public void Add(long bytes)
    {
        _bytes += bytes;
        var now = timeProvider.GetTimestamp();
        if (_samples.Count > 0 && timeProvider.GetElapsedTime(_last.Time, now) < Step)
            return;
        _last = (now, _bytes);
        _samples.Enqueue(_last);
        while (_samples.Count > 1 && timeProvider.GetElapsedTime(_samples.Peek().Time, now) > Length)
            _samples.Dequeue();
    }

    /// <summary>The rate at this moment; 0 before anything can be told.</summary>
    public double PerSecond()
    {
        var now = timeProvider.GetTimestamp();
        // As long as it runs for less than the window, since its start.
        var (time, bytes) =
            timeProvider.GetElapsedTime(_start, now) <= Length || _samples.Count == 0 ? (_start, 0) : _samples.Peek();
        var seconds = timeProvider.GetElapsedTime(time, now).TotalSeconds;
        return seconds > 0 ? Math.Max(0, (_bytes - bytes) / seconds) : 0;
    }

    /// <summary>How long so many bytes more will take; null where nobody can tell.</summary>
    public static TimeSpan? TimeFor(long bytes, double perSecond)
    {
        if (bytes <= 0)
            return TimeSpan.Zero;
        var seconds = bytes / perSecond;
        return perSecond > 0 && seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
