namespace Larder.Store.Eviction;

/// <summary>Says what keeping a version is worth. What is worth least goes first.</summary>
internal interface IEvictionPolicy
{
    /// <summary>What it is called in the configuration.</summary>
    string Name { get; }

    /// <summary>What keeping it is worth, in units of the policy's own; less goes first, and among equals what was used longest ago.</summary>
    double Worth(in VersionFacts version);
}
