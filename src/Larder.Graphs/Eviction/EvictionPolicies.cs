namespace Larder.Graphs.Eviction;

/// <summary>The policies by name.</summary>
internal static class EvictionPolicies
{
    public const string Cost = "cost";
    public const string Lru = "lru";
    public const string Lfu = "lfu";

    public static IReadOnlyList<IEvictionPolicy> All { get; } = [new CostPolicy(), new LruPolicy(), new LfuPolicy()];

    public static IEnumerable<string> Names => All.Select(policy => policy.Name);

    public static IEvictionPolicy? Find(string name) =>
        All.FirstOrDefault(policy => string.Equals(policy.Name, name, StringComparison.Ordinal));
}
