using Larder.Telemetry;

namespace Larder.Recordings;

/// <summary>What became of the calls since the start.</summary>
/// <param name="Hits">Calls answered from recordings.</param>
/// <param name="Misses">Calls whose recording was missing.</param>
/// <param name="Recorded">Recordings written.</param>
/// <param name="Left">Streams that their readers left, and calls that were cancelled: not recorded.</param>
/// <param name="Drifted">Calls whose answer has drifted from the recording.</param>
public sealed record RecordingsStatistics(long Hits, long Misses, long Recorded, long Left, long Drifted)
{
    /// <summary>The counts that all caches have, with the calls that have drifted as failures.</summary>
    public CacheStatistics Cache =>
        new()
        {
            Hits = Hits,
            Misses = Misses,
            Failures = Drifted,
        };
}
