using Larder.Recordings.Telemetry;

namespace Larder.Recordings.Calls;

/// <summary>What became of calls, counted by many threads.</summary>
internal sealed class CallCounts
{
    private long _hits;
    private long _misses;
    private long _recorded;
    private long _left;
    private long _drifted;

    public void Hit() => Count(ref _hits, "hit");

    public void Missed() => Count(ref _misses, "miss");

    public void Recorded() => Count(ref _recorded, "recorded");

    public void Left() => Count(ref _left, "left");

    public void Drifted() => Count(ref _drifted, "drifted");

    public RecordingsStatistics Read() =>
        new(
            Interlocked.Read(ref _hits),
            Interlocked.Read(ref _misses),
            Interlocked.Read(ref _recorded),
            Interlocked.Read(ref _left),
            Interlocked.Read(ref _drifted)
        );

    private static void Count(ref long count, string outcome)
    {
        Interlocked.Increment(ref count);
        RecordingMeter.Count(outcome);
    }
}
