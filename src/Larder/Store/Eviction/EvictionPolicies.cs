namespace Larder.Store.Eviction;

/// <summary>The policies by name.</summary>
internal static class EvictionPolicies
{
    private static readonly IEvictionPolicy[] All =
    [
        new CostPolicy(),
        new LeastRecentPolicy(),
        new LeastFrequentPolicy(),
    ];

    /// <summary>The names, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(policy => policy.Name)];

    /// <summary>The policy of that name; null when there is none.</summary>
    public static IEvictionPolicy? Find(string name) => Array.Find(All, policy => policy.Name == name);
}
