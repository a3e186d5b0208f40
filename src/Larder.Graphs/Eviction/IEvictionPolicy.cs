namespace Larder.Graphs.Eviction;

/// <summary>A rule for which idle graph makes place for another.</summary>
/// <remarks>Called under the cache's lock, once for every idle graph: it computes, and touches nothing.</remarks>
internal interface IEvictionPolicy
{
    /// <summary>The name by which the options choose the policy.</summary>
    string Name { get; }

    /// <summary>What it is worth to keep a graph; of all that are idle, the one worth least goes.</summary>
    double Worth(Slot slot);
}
