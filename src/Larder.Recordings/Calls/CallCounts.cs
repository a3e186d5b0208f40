namespace Larder.Recordings.Calls;

/// <summary>What became of calls, counted by many threads.</summary>
internal sealed class CallCounts
{
    private long _hits;
    private long _misses;
    private long _recorded;
    private long _left;
    private long _drifted;

    public void Hit() => Interlocked.Increment(ref _hits);

    public void Missed() => Interlocked.Increment(ref _misses);

    public void Recorded() => Interlocked.Increment(ref _recorded);

    public void Left() => Interlocked.Increment(ref _left);

    public void Drifted() => Interlocked.Increment(ref _drifted);

    public RecordingsStatistics Read() =>
        new(
            Interlocked.Read(ref _hits),
            Interlocked.Read(ref _misses),
            Interlocked.Read(ref _recorded),
            Interlocked.Read(ref _left),
            Interlocked.Read(ref _drifted)
        );
}
