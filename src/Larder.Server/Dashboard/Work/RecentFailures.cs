namespace Larder.Server.Dashboard.Work;

/// <summary>The last failures that callers were answered. Safe for concurrent use.</summary>
internal sealed class RecentFailures
{
    /// <summary>How many different ones are kept.</summary>
    internal const int Capacity = 50;

    private readonly Lock _lock = new();

    // The latest last.
    private readonly List<RecentFailure> _failures = new(Capacity + 1);

    /// <summary>Takes note of one; who repeats himself has one place and not all.</summary>
    public void Add(RecentFailure failure)
    {
        lock (_lock)
        {
            if (_failures.FindIndex(failure.IsLike) is var at and >= 0)
            {
                failure = _failures[at] with { Count = _failures[at].Count + 1, Last = failure.First };
                _failures.RemoveAt(at);
            }
            _failures.Add(failure);
            if (_failures.Count > Capacity)
                _failures.RemoveAt(0);
        }
    }

    /// <summary>All of them, the latest first.</summary>
    public IReadOnlyList<RecentFailure> List()
    {
        lock (_lock)
            return [.. Enumerable.Reverse(_failures)];
    }
}
