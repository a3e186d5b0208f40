namespace Larder.Graphs;

/// <summary>The timers of a cache.</summary>
internal sealed class Upkeep(GraphCache cache, TimeProvider timeProvider) : IDisposable
{
    private static readonly TimeSpan HistoryInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestIdleInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly List<ITimer> _timers = [];
    private bool _isDisposed;

    /// <summary>Starts the timers that the cache's settings ask for, in place of those that run.</summary>
    public void Start()
    {
        lock (_lock)
        {
            // Read here: of two calls at once the later one then has the later settings.
            var settings = cache.CurrentSettings;
            Stop();
            if (_isDisposed)
                return;
            if (settings.MemoryPressure is { } pressure)
                _timers.Add(Every(pressure.Interval, cache.RelievePressure));
            if (settings.IdleTimeout != Timeout.InfiniteTimeSpan)
                _timers.Add(Every(IdleInterval(settings.IdleTimeout), cache.RemoveIdle));
            if (cache.KeepsHistory)
                _timers.Add(Every(HistoryInterval, cache.SaveHistory));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Stop();
        }
    }

    // An idle graph goes at most a quarter of its time late.
    private static TimeSpan IdleInterval(TimeSpan timeout) =>
        timeout / 4 < LongestIdleInterval
            ? TimeSpan.FromTicks(Math.Max(timeout.Ticks / 4, TimeSpan.TicksPerMillisecond))
            : LongestIdleInterval;

    private ITimer Every(TimeSpan interval, Action work) =>
        Detached.Do(() => timeProvider.CreateTimer(_ => work(), null, interval, interval));

    private void Stop()
    {
        _timers.ForEach(timer => timer.Dispose());
        _timers.Clear();
    }
}
