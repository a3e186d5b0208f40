using Larder.Telemetry;

namespace Larder.Graphs;

/// <content>What is counted; all under the lock.</content>
public sealed partial class GraphCache
{
    private long _hits;
    private long _misses;
    private long _evictions;
    private long _failures;
    private long _failuresRemembered;
    private long _loads;
    private long _waits;
    private long _turnWaits;
    private long _disposals;

    // Not a TimeSpan: it would overflow after a few years of hits on what loads slowly.
    private double _secondsSaved;
    private TimeSpan _loadTime;
    private TimeSpan _waitTime;
    private TimeSpan _ageAtEviction;

    /// <summary>What the cache has done since it was made, in the shape that all caches share.</summary>
    public CacheStatistics Statistics => GetStatistics().Cache;

    /// <summary>What the cache has done since it was made, and what it holds now.</summary>
    public GraphStatistics GetStatistics()
    {
        lock (_lock)
        {
            DeviceStatistics[] devices = [.. _ledger.Devices.Select(device => device.ToStatistics())];
            return new GraphStatistics
            {
                Cache = new CacheStatistics
                {
                    Hits = _hits,
                    Misses = _misses,
                    Entries = _table.Values.Count(slot => slot.State is SlotState.Loaded),
                    Bytes = devices.Sum(device => device.UsedBytes),
                    TimeSaved = TimeSpan.FromSeconds(Math.Min(_secondsSaved, TimeSpan.MaxValue.TotalSeconds / 2)),
                    Evictions = _evictions,
                    Failures = _failures,
                },
                Loads = _loads,
                LoadTime = _loadTime,
                Waits = _waits,
                WaitTime = _waitTime,
                TurnWaits = _turnWaits,
                Waiting = _queue.Count,
                FailuresRemembered = _failuresRemembered,
                AgeAtEviction = _evictions is 0 ? TimeSpan.Zero : _ageAtEviction / _evictions,
                LateDisposals = _ledger.Lost,
                LateLoads = _lateLoads,
                Loading = _abandoned + _table.Values.Count(slot => slot.State is SlotState.Loading),
                IsUnderMemoryPressure = _isPressed,
                Devices = devices,
            };
        }
    }

    private void CountHit(Slot slot)
    {
        _hits++;
        _secondsSaved += slot.LoadTime.TotalSeconds;
    }
}
