using Larder.Graphs.Budgets;

namespace Larder.Graphs.Eviction;

/// <summary>Chooses which idle graphs make place for others.</summary>
/// <remarks>
/// What is worth least goes first, until enough has gone; then whoever could have stayed all the same is let off, the most
/// valuable first. A part of other graphs can go when all of those have gone.
/// </remarks>
internal sealed class VictimChoice
{
    private readonly IEvictionPolicy _policy;
    private readonly Demand _missing;

    // What could go if all of it went: what is idle, and parts of nothing else.
    private readonly HashSet<Candidate> _removable;

    // What can go now.
    private readonly List<Candidate> _idle;
    private readonly List<(Candidate Graph, double Worth)> _victims = [];

    private VictimChoice(IEvictionPolicy policy, IEnumerable<Candidate> candidates, Demand missing)
    {
        _policy = policy;
        _missing = missing;
        _idle = [.. candidates.Where(candidate => candidate.Holders is 0)];
        _removable = [.. _idle];
        Dictionary<Candidate, int> holders = [];
        for (var waiting = new Queue<Candidate>(_idle); waiting.TryDequeue(out var graph); )
        {
            foreach (var parent in graph.Parents)
            {
                holders[parent] = holders.GetValueOrDefault(parent) + 1;
                if (holders[parent] == parent.Holders && _removable.Add(parent))
                    waiting.Enqueue(parent);
            }
        }
    }

    /// <summary>Enough victims for what is missing, parts after the graphs that they are part of; null when there are not enough.</summary>
    /// <remarks>Uses up <paramref name="missing"/> and the candidates' <see cref="Candidate.Holders"/>.</remarks>
    public static IReadOnlyList<Candidate>? Enough(
        IEvictionPolicy policy,
        IEnumerable<Candidate> candidates,
        Demand missing
    )
    {
        var choice = new VictimChoice(policy, candidates, missing);
        choice.Choose();
        if (!missing.IsMet)
            return null;
        choice.LetOff();
        return [.. choice._victims.Select(victim => victim.Graph)];
    }

    /// <summary>As many victims as there are, where what is missing is more.</summary>
    /// <inheritdoc cref="Enough"/>
    public static IReadOnlyList<Candidate> AsManyAsThereAre(
        IEvictionPolicy policy,
        IEnumerable<Candidate> candidates,
        Demand missing
    )
    {
        var choice = new VictimChoice(policy, candidates, missing);
        choice.Choose();
        choice.LetOff();
        return [.. choice._victims.Select(victim => victim.Graph)];
    }

    /// <summary>What it is worth to keep a graph when some bytes or graphs are missing.</summary>
    public static double Worth(IEvictionPolicy policy, Candidate graph, Demand missing)
    {
        var freed = 1L;
        if (missing.WantsBytes)
        {
            freed = 0;
            foreach (var (device, bytes) in graph.Size.Devices)
            {
                if (missing.Devices.TryGetValue(device, out var wanted) && wanted.Bytes > 0)
                    freed = freed + bytes;
            }
        }
        return policy.Worth(graph.Facts with { FreedBytes = freed });
    }

    private void Choose()
    {
        while (!_missing.IsMet && FindLeast() is { } least)
        {
            _victims.Add((least, Worth(_policy, least, _missing)));
            _idle.Remove(least);
            _missing.Subtract(least.Size);
            foreach (var parent in least.Parents)
            {
                if (--parent.Holders is 0)
                    _idle.Add(parent);
            }
        }
    }

    private Candidate? FindLeast()
    {
        Candidate? least = null;
        var leastWorth = 0.0;
        foreach (var graph in _idle)
        {
            if (!Helps(graph))
                continue;
            var worth = Worth(_policy, graph, _missing);
            if (
                least is null
                || worth < leastWorth
                || (worth == leastWorth && graph.Facts.IdleOrder < least.Facts.IdleOrder)
            )
                (least, leastWorth) = (graph, worth);
        }
        return least;
    }

    // A session of a few bytes is in the way when the weights under it are wanted, and nothing else holds them.
    private bool Helps(Candidate graph) =>
        _missing.IsHelpedBy(graph.Size) || graph.Parents.Any(parent => _removable.Contains(parent) && Helps(parent));

    private void LetOff()
    {
        bool changed;
        do
        {
            changed = false;
            foreach (var victim in _victims.OrderByDescending(victim => victim.Worth).ToArray())
            {
                if (IsInTheWayOfAVictim(victim.Graph))
                    continue;
                _missing.Restore(victim.Graph.Size);
                if (_missing.IsMet)
                {
                    _victims.Remove(victim);
                    changed = true;
                }
                else
                {
                    _missing.Subtract(victim.Graph.Size);
                }
            }
        } while (changed);
    }

    // It has to go for the sake of a part of it that goes.
    private bool IsInTheWayOfAVictim(Candidate graph) =>
        graph.Parents.Any(parent => _victims.Exists(victim => ReferenceEquals(victim.Graph, parent)));
}
