namespace Larder.Graphs;

/// <summary>The timers of a cache.</summary>
internal sealed class Upkeep(GraphCache cache, TimeProvider timeProvider) : IDisposable
{
    private static readonly TimeSpan HistoryInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestIdleInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private ITimer[] _timers = [];
    private bool _isDisposed;

    /// <summary>Starts the timers that settings ask for, in place of those that run.</summary>
    public void Start(Settings settings)
    {
        List<ITimer> timers = [];
        if (settings.MemoryPressure is { } pressure)
            timers.Add(Every(pressure.Interval, cache.RelievePressure));
        if (settings.IdleTimeout != Timeout.InfiniteTimeSpan)
            timers.Add(Every(IdleInterval(settings.IdleTimeout), cache.RemoveIdle));
        timers.Add(Every(HistoryInterval, cache.SaveHistory));
        Replace([.. timers]);
    }

    public void Dispose()
    {
        lock (_lock)
            _isDisposed = true;
        Replace([]);
    }

    // An idle graph goes at most a quarter of its time late.
    private static TimeSpan IdleInterval(TimeSpan timeout) =>
        timeout / 4 < LongestIdleInterval
            ? TimeSpan.FromTicks(Math.Max(timeout.Ticks / 4, TimeSpan.TicksPerMillisecond))
            : LongestIdleInterval;

    private ITimer Every(TimeSpan interval, Action work)
    {
        // The timer must not carry the ambient values of whoever made the cache along for ever.
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
            return timeProvider.CreateTimer(_ => work(), null, interval, interval);
    }

    private void Replace(ITimer[] timers)
    {
        ITimer[] old;
        lock (_lock)
        {
            old = _isDisposed ? [.. _timers, .. timers] : _timers;
            _timers = _isDisposed ? [] : timers;
        }
        foreach (var timer in old)
            timer.Dispose();
    }
}
