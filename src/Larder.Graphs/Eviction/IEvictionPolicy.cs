namespace Larder.Graphs.Eviction;

/// <summary>Says what keeping an idle graph is worth. What is worth least goes first.</summary>
/// <remarks>Called under the cache's lock, once for every idle graph: it computes, and touches nothing.</remarks>
internal interface IEvictionPolicy
{
    /// <summary>The name by which the options choose the policy.</summary>
    string Name { get; }

    /// <summary>What keeping it is worth, in units of the policy's own; among equals goes what was used longest ago.</summary>
    double Worth(in GraphFacts graph);
}
