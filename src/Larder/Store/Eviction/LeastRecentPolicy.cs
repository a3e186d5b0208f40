namespace Larder.Store.Eviction;

/// <summary>What was used last stays longest.</summary>
internal sealed class LeastRecentPolicy : IEvictionPolicy
{
    public string Name => "lru";

    public double Worth(in VersionFacts version) => version.LastUse.ToUnixTimeMilliseconds();
}
