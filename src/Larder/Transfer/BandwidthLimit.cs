namespace Larder.Transfer;

/// <summary>Lets so many bytes a second pass, over all transfers of a cache; it may be changed while they run.</summary>
internal sealed class BandwidthLimit(TimeProvider timeProvider)
{
    // What was not used for so long is not made up for.
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(100);

    private const int LeastAtOnce = 4096;

    private readonly Lock _lock = new();
    private long _bytesPerSecond;
    private long _due = timeProvider.GetTimestamp();

    /// <summary>0 for no limit.</summary>
    public long BytesPerSecond
    {
        get => Interlocked.Read(ref _bytesPerSecond);
        set => Interlocked.Exchange(ref _bytesPerSecond, value);
    }

    /// <summary>How many bytes one read may take, so that a change is felt soon and no connection waits long.</summary>
    public int MostAtOnce =>
        BytesPerSecond is > 0 and var rate ? (int)Math.Clamp(rate / 20, LeastAtOnce, int.MaxValue) : int.MaxValue;

    /// <summary>Waits until bytes that were read may have been.</summary>
    public Task TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        if (BytesPerSecond is not (> 0 and var rate))
            return Task.CompletedTask;
        TimeSpan wait;
        lock (_lock)
        {
            var now = timeProvider.GetTimestamp();
            var earliest = now - (long)(Burst.TotalSeconds * timeProvider.TimestampFrequency);
            _due = Math.Max(_due, earliest) + (long)((double)bytes / rate * timeProvider.TimestampFrequency);
            wait = timeProvider.GetElapsedTime(now, _due);
        }
        return wait > TimeSpan.Zero ? Task.Delay(wait, timeProvider, cancellationToken) : Task.CompletedTask;
    }
}
