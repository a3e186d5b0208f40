namespace Larder.Store.Eviction;

/// <summary>What an eviction is to reach.</summary>
internal sealed record EvictionGoal
{
    /// <summary>Bytes to free; what is worth least goes first until so many are.</summary>
    public long FreeBytes { get; init; }

    /// <summary>Removes, whatever it is worth, all that was last used before this.</summary>
    public DateTimeOffset? UnusedSince { get; init; }
}
