namespace Larder.Graphs;

/// <summary>The time to some milliseconds, for the price of reading a counter: a hit would else spend half its time on the clock.</summary>
/// <remarks>It counts on from the time at which it was made, so that a system clock that is set makes nothing idle for an hour.</remarks>
internal sealed class CoarseClock(TimeProvider timeProvider)
{
    private readonly bool _isSystem = ReferenceEquals(timeProvider, TimeProvider.System);
    private readonly DateTimeOffset _start = timeProvider.GetUtcNow();
    private readonly long _startMilliseconds = Environment.TickCount64;

    public DateTimeOffset Now =>
        _isSystem
            ? _start.AddTicks((Environment.TickCount64 - _startMilliseconds) * TimeSpan.TicksPerMillisecond)
            : timeProvider.GetUtcNow();
}
