using Larder.Telemetry;

namespace Larder.Server.Dashboard.Traffic;

/// <summary>What both caches have answered, since they were made or during some time.</summary>
internal readonly record struct CacheCounts(long FileHits, long FileMisses, long GraphHits, long GraphMisses)
{
    public static CacheCounts Of(CacheStatistics files, CacheStatistics graphs) =>
        new(files.Hits, files.Misses, graphs.Hits, graphs.Misses);

    public static CacheCounts operator +(CacheCounts a, CacheCounts b) =>
        new(
            a.FileHits + b.FileHits,
            a.FileMisses + b.FileMisses,
            a.GraphHits + b.GraphHits,
            a.GraphMisses + b.GraphMisses
        );

    /// <summary>What came since an earlier count; a counter that was set back in between counts as unchanged.</summary>
    public CacheCounts Since(CacheCounts before) =>
        new(
            Math.Max(0, FileHits - before.FileHits),
            Math.Max(0, FileMisses - before.FileMisses),
            Math.Max(0, GraphHits - before.GraphHits),
            Math.Max(0, GraphMisses - before.GraphMisses)
        );
}
