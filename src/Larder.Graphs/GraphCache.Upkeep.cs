using Larder.Graphs.Budgets;
using Larder.Graphs.Eviction;
using Larder.Graphs.History;
using Larder.Graphs.Pressure;

namespace Larder.Graphs;

/// <content>What the cache does by itself from time to time.</content>
public sealed partial class GraphCache
{
    // What memory pressure takes at once: little, since what goes has to be loaded again.
    private const double LargestStep = 0.05;

    private readonly IMemoryGauge _memory;
    private readonly string? _historyFile;

    // Under the lock.
    private bool _isPressed;
    private long _lastMeasure = -1;
    private long _savedActivity;

    /// <summary>Whether the history goes to a file.</summary>
    internal bool KeepsHistory => _historyFile is not null;

    /// <summary>Removes what has been idle for too long.</summary>
    internal void RemoveIdle()
    {
        var timeout = _settings.IdleTimeout;
        // The last tick of a timer may come after the option was taken back.
        if (timeout == Timeout.InfiniteTimeSpan)
            return;
        var since = _clock.Now - timeout;
        lock (_lock)
        {
            foreach (var slot in _table.Values.Where(slot => slot.IsIdle && slot.IdleSince <= since).ToArray())
                Unload(slot, EvictionReason.Idle);
        }
    }

    /// <summary>Gives back one step of memory while it is short.</summary>
    internal void RelievePressure()
    {
        if (_settings.MemoryPressure is not { } pressure)
            return;
        var measure = _memory.Measure();
        var isNew = false;
        lock (_lock)
        {
            if (measure.Load >= pressure.High)
                (_isPressed, isNew) = (true, !_isPressed);
            else if (measure.Load < pressure.Low)
                _isPressed = false;
            // One step for each measure: what the last one gave back is not in it before there is another.
            if (_isPressed && measure.Number != _lastMeasure)
                GiveBack();
            _lastMeasure = measure.Number;
        }
        if (isNew)
            Log.MemoryShort(_logger, measure.Load, pressure.High);
    }

    private void GiveBack()
    {
        var most = _ledger.Account(GraphDevice.Host).BytesIn(Phase.Used) * LargestStep;
        var wanted = new Demand();
        wanted.Set(GraphDevice.Host, new(Graphs: 0, Bytes: 1));
        var given = 0L;
        var isFirst = true;
        foreach (
            var victim in Candidates([])
                .OfType<SlotCandidate>()
                .Where(graph => graph.Slot.IsIdle && graph.Size.LiesOn(GraphDevice.Host))
                .OrderBy(graph => VictimChoice.Worth(_settings.Policy, graph, wanted))
        )
        {
            var bytes = victim.Size.BytesOn(GraphDevice.Host);
            given += bytes;
            // The first one goes however large it is, else nothing would where all are large; of those whose size nobody
            // knows, no second one goes.
            if (!isFirst && (bytes is 0 || given > most))
                return;
            isFirst = false;
            Unload(victim.Slot, EvictionReason.MemoryPressure);
        }
    }

    /// <summary>Writes the history to its file, if there is one and it has changed.</summary>
    internal void SaveHistory()
    {
        if (_historyFile is not { } file)
            return;
        HistoryDocument document;
        var now = _clock.Now;
        lock (_lock)
        {
            var activity = _hits + _misses + _loads;
            if (activity == _savedActivity)
                return;
            _savedActivity = activity;
            foreach (var slot in _table.Values.Where(slot => slot.State is SlotState.Loaded))
                Keep(slot);
            document = HistoryDocument.Of(_history, now);
        }
        HistoryFile.Save(file, document, _logger);
    }
}
