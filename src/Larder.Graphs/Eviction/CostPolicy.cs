namespace Larder.Graphs.Eviction;

/// <summary>The seconds of loading that a graph is likely to save, for each byte that it takes.</summary>
/// <remarks>
/// Use rate × seconds to load ÷ bytes that its removal frees: the worth of GreedyDual-Size-Frequency (Cherkasova, 1998), with the
/// rate aged by halves instead of a rising floor, and known of graphs that were evicted and came back.
/// </remarks>
internal sealed class CostPolicy : IEvictionPolicy
{
    // What loads in no time would be worth nothing, used or not.
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(1);

    public string Name => EvictionPolicies.Cost;

    public double Worth(in GraphFacts graph)
    {
        var seconds = Math.Max(graph.LoadTime.TotalSeconds, LeastTime.TotalSeconds);
        return graph.AgedUses * seconds / Math.Max(1, graph.FreedBytes);
    }
}
