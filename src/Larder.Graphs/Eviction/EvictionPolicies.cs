namespace Larder.Graphs.Eviction;

/// <summary>The policies by name.</summary>
internal static class EvictionPolicies
{
    public const string Lru = "lru";

    private static readonly IEvictionPolicy[] All = [new LruPolicy()];

    public static IEnumerable<string> Names => All.Select(policy => policy.Name);

    public static IEvictionPolicy? Find(string name) =>
        Array.Find(All, policy => string.Equals(policy.Name, name, StringComparison.Ordinal));
}
