using Larder.Content;

namespace Larder.Graphs.History;

/// <summary>Remembers graphs beyond their stay in memory: their sizes, load times, uses and failures.</summary>
/// <remarks>Bounded; not safe for several threads.</remarks>
internal sealed class GraphHistory
{
    // Some hundred bytes each. Who serves more models than this has forgotten what the oldest was like long before.
    private const int MaxGraphs = 4096;

    private readonly Dictionary<Digest, KnownGraph> _graphs = [];
    private long _order;

    public IEnumerable<KeyValuePair<Digest, KnownGraph>> Graphs => _graphs;

    public KnownGraph? Find(EntryKey key) => _graphs.GetValueOrDefault(key.Digest);

    /// <summary>What is known of a graph, to be added to.</summary>
    public KnownGraph Of(Digest key)
    {
        if (!_graphs.TryGetValue(key, out var known))
        {
            if (_graphs.Count >= MaxGraphs)
                ForgetOldest(MaxGraphs / 16);
            _graphs.Add(key, known = new KnownGraph());
        }
        known.Order = ++_order;
        return known;
    }

    /// <summary>Forgets that the load of a graph failed, and what it measured.</summary>
    public void Forget(EntryKey key)
    {
        if (Find(key) is { } known)
            (known.Failure, known.Size) = (null, null);
    }

    /// <summary>Forgets which loads failed.</summary>
    public void ForgetFailures()
    {
        foreach (var known in _graphs.Values)
            known.Failure = null;
    }

    // Several at once: finding the oldest looks at all.
    private void ForgetOldest(int count)
    {
        foreach (var (key, _) in _graphs.OrderBy(pair => pair.Value.Order).Take(count).ToArray())
            _graphs.Remove(key);
    }
}
