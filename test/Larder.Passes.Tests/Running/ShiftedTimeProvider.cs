namespace Larder.Passes.Tests.Running;

/// <summary>The system's clock, which a test can put forward: what waits for files or sockets goes on by itself.</summary>
internal sealed class ShiftedTimeProvider : TimeProvider
{
    private long _ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + new TimeSpan(Volatile.Read(ref _ticks));

    public override long GetTimestamp() =>
        base.GetTimestamp() + (long)(new TimeSpan(Volatile.Read(ref _ticks)).TotalSeconds * TimestampFrequency);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
