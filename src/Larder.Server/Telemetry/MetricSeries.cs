namespace Larder.Server.Telemetry;

/// <summary>The values of one instrument under one set of labels.</summary>
/// <param name="labels">The labels as they are written, between braces; empty for none.</param>
/// <param name="limits">The upper limits of a histogram's buckets; empty for a number.</param>
internal sealed class MetricSeries(string labels, IReadOnlyList<double> limits)
{
    private readonly Lock _lock = new();

    // The last one counts what is above every limit.
    private readonly long[] _buckets = new long[limits.Count + 1];
    private double _sum;
    private bool _isSeen;

    public string Labels => labels;

    /// <summary>Adds to a counter or gauge.</summary>
    public void Add(double value)
    {
        lock (_lock)
        {
            _sum += value;
            _isSeen = true;
        }
    }

    /// <summary>Counts a value of a histogram.</summary>
    public void Count(double value)
    {
        var bucket = 0;
        while (bucket < limits.Count && value > limits[bucket])
            bucket++;
        lock (_lock)
        {
            _buckets[bucket]++;
            _sum += value;
            _isSeen = true;
        }
    }

    /// <summary>Forgets what was observed: it is observed anew.</summary>
    public void Reset()
    {
        lock (_lock)
            (_sum, _isSeen) = (0, false);
    }

    /// <summary>The values as they are at one moment; null where nothing was measured.</summary>
    public MetricValue? Read()
    {
        lock (_lock)
            return _isSeen ? new MetricValue(_sum, [.. _buckets]) : null;
    }
}
