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
    private TimeSpan _timeSaved;
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
                    TimeSaved = _timeSaved,
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
                IsUnderMemoryPressure = _isPressed,
                Devices = devices,
            };
        }
    }

    private void CountHit(Slot slot)
    {
        _hits++;
        _timeSaved += slot.LoadTime;
    }
}
