using Larder.Content;
using Microsoft.Extensions.Logging;

namespace Larder.Graphs;

/// <summary>Passes the progress of a load on to all who wait for it.</summary>
internal sealed class LoadProgress(EntryKey key, ILogger logger) : IProgress<double>
{
    private readonly Lock _lock = new();
    private IProgress<double>[] _listeners = [];
    private double? _last;

    /// <summary>Adds somebody who waits, and tells him what was told last.</summary>
    public void Add(IProgress<double> listener)
    {
        double? last;
        lock (_lock)
        {
            _listeners = [.. _listeners, listener];
            last = _last;
        }
        if (last is { } progress)
            Tell(listener, progress);
    }

    public void Remove(IProgress<double> listener)
    {
        lock (_lock)
        {
            // Once: two callers may have the same one.
            var at = Array.FindIndex(_listeners, other => ReferenceEquals(other, listener));
            if (at >= 0)
                _listeners = [.. _listeners[..at], .. _listeners[(at + 1)..]];
        }
    }

    public void Report(double progress)
    {
        IProgress<double>[] listeners;
        lock (_lock)
        {
            _last = progress;
            listeners = _listeners;
        }
        foreach (var listener in listeners)
            Tell(listener, progress);
    }

    // One listener that fails must not fail the load that all others wait for.
    private void Tell(IProgress<double> listener, double progress)
    {
        try
        {
            listener.Report(progress);
        }
        catch (Exception exception)
        {
            Log.ListenerFailed(logger, exception, key);
        }
    }
}
