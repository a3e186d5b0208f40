namespace Larder.Server.Dashboard.Traffic;

/// <summary>What was answered in each minute of the last day, as long as this process has run.</summary>
/// <remarks>Safe for concurrent use. A day is 1440 small records, whatever the traffic.</remarks>
internal sealed class TrafficHistory
{
    private const int Minutes = 24 * 60;

    private readonly Lock _lock = new();

    // Minute m, counted from year 1, lies at m modulo the length; an older one there is overwritten.
    private readonly (long Minute, CacheCounts Counts)[] _minutes = new (long, CacheCounts)[Minutes];
    private CacheCounts? _last;
    private long _first;

    /// <summary>Takes counts that only grow; the difference to the last ones goes to this minute.</summary>
    public void Add(DateTimeOffset now, CacheCounts total)
    {
        var minute = MinuteOf(now);
        lock (_lock)
        {
            _first = _last is null ? minute : Math.Min(_first, minute);
            var came = total.Since(_last ?? total);
            _last = total;
            ref var slot = ref _minutes[minute % Minutes];
            slot = slot.Minute == minute ? (minute, slot.Counts + came) : (minute, came);
        }
    }

    /// <summary>The bars of a range, the earliest first; the last one is not over yet.</summary>
    /// <remarks>A bar begins at a whole multiple of its length, so that bars do not change as time goes.</remarks>
    public IReadOnlyList<TrafficBucket> Read(TrafficRange range, DateTimeOffset now)
    {
        var step = (long)range.Step.TotalMinutes;
        var current = MinuteOf(now);
        var end = (current / step * step) + step;
        var bars = new TrafficBucket[range.Bars];
        lock (_lock)
        {
            for (var i = 0; i < bars.Length; i++)
            {
                var start = end - ((bars.Length - i) * step);
                bars[i] = new TrafficBucket(
                    new DateTimeOffset(start * TimeSpan.TicksPerMinute, TimeSpan.Zero),
                    Sum(start, step),
                    _last is not null && start + step > _first && start <= current
                );
            }
        }
        return bars;
    }

    private CacheCounts Sum(long start, long length)
    {
        var sum = default(CacheCounts);
        for (var minute = start; minute < start + length; minute++)
        {
            var slot = _minutes[minute % Minutes];
            if (slot.Minute == minute)
                sum += slot.Counts;
        }
        return sum;
    }

    private static long MinuteOf(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerMinute;
}
