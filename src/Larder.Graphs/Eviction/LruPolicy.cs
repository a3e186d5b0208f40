namespace Larder.Graphs.Eviction;

/// <summary>The graph that has been idle for longest goes.</summary>
internal sealed class LruPolicy : IEvictionPolicy
{
    public string Name => EvictionPolicies.Lru;

    public double Worth(in GraphFacts graph) => graph.IdleOrder;
}
