using Larder.Graphs.Budgets;
using Larder.Graphs.Eviction;

namespace Larder.Graphs.Tests.Eviction;

/// <summary>Up to twelve graphs on two devices, some leased, some made of others, and a want of room.</summary>
internal sealed class RandomWorld
{
    private const string Gpu = "gpu0";

    private readonly List<RandomGraph> _graphs = [];
    private readonly Dictionary<Candidate, RandomGraph> _byCandidate = [];
    private readonly int _wantedGraphs;
    private readonly DeviceDemand _host;
    private readonly DeviceDemand _gpu;

    public RandomWorld(Random random)
    {
        for (var number = random.Next(13); number > 0; number--)
        {
            var size = GraphSize.OfHost(random.Next(20));
            if (random.Next(3) is 0)
                size = GraphSize.On(Gpu, random.Next(20)).And(GraphDevice.Host, random.Next(5));
            var parents = _graphs.Where(_ => random.Next(6) is 0).Take(2).ToArray();
            var facts = new GraphFacts(
                random.NextDouble() * 10,
                random.Next(10),
                number,
                TimeSpan.FromSeconds(random.Next(5)),
                1
            );
            _graphs.Add(new RandomGraph(number, size, random.Next(4) is 0 ? random.Next(3) : 0, facts, parents));
        }
        _wantedGraphs = random.Next(-3, 4);
        _host = new(random.Next(-1, 3), random.Next(60));
        _gpu = new(random.Next(-1, 2), random.Next(30));
    }

    public Demand Missing()
    {
        var missing = new Demand { Graphs = _wantedGraphs };
        missing.Set(GraphDevice.Host, _host);
        missing.Set(Gpu, _gpu);
        return missing;
    }

    /// <summary>The graphs as a choice sees them, made anew: a choice uses them up.</summary>
    public IReadOnlyList<Candidate> Candidates()
    {
        _byCandidate.Clear();
        Dictionary<RandomGraph, Candidate> candidates = [];
        foreach (var graph in _graphs)
        {
            var candidate = new Candidate([.. graph.Parents.Select(parent => candidates[parent])])
            {
                Size = graph.Size,
                Facts = graph.Facts,
                Holders = graph.Leases + _graphs.Count(other => other.Parents.Contains(graph)),
            };
            candidates.Add(graph, candidate);
            _byCandidate.Add(candidate, graph);
        }
        return [.. candidates.Values];
    }

    public RandomGraph GraphOf(Candidate candidate) => _byCandidate[candidate];

    /// <summary>Who holds a graph: those that it is a part of; itself, so to speak, while it is leased.</summary>
    public IEnumerable<RandomGraph?> HoldersOf(RandomGraph graph) =>
        [
            .. _graphs.Where(other => other.Parents.Contains(graph)),
            .. Enumerable.Repeat<RandomGraph?>(null, graph.Leases),
        ];

    public bool IsMetWithout(IReadOnlyCollection<RandomGraph> gone)
    {
        var missing = Missing();
        foreach (var graph in gone)
            missing.Subtract(graph.Size);
        return missing.IsMet;
    }

    /// <summary>All that is neither leased nor a part of what is.</summary>
    public HashSet<RandomGraph> AllThatCanGo()
    {
        var leased = _graphs.Where(graph => graph.Leases > 0).ToList();
        return [.. _graphs.Where(graph => graph.Leases is 0 && !leased.Any(other => other.IsMadeOf(graph)))];
    }
}
