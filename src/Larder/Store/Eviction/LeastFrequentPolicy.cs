namespace Larder.Store.Eviction;

/// <summary>What was used most often stays longest.</summary>
internal sealed class LeastFrequentPolicy : IEvictionPolicy
{
    public string Name => "lfu";

    public double Worth(in VersionFacts version) => version.Uses;
}
