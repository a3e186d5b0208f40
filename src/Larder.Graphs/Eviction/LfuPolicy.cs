namespace Larder.Graphs.Eviction;

/// <summary>The graph that was used least often goes.</summary>
internal sealed class LfuPolicy : IEvictionPolicy
{
    public string Name => EvictionPolicies.Lfu;

    public double Worth(in GraphFacts graph) => graph.Uses;
}
