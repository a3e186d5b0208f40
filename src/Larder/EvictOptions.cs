namespace Larder;

/// <summary>What an eviction is to reach.</summary>
public sealed record EvictOptions
{
    /// <summary>Bytes that the store may hold afterwards; null: no matter how many.</summary>
    public long? ToBytes { get; init; }

    /// <summary>Removes whatever was not used for so long, too; null: nothing for its age alone.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>Whether to say what would be removed and to remove nothing; false.</summary>
    public bool DryRun { get; init; }

    internal void Validate()
    {
        if (ToBytes is { } to)
            ArgumentOutOfRangeException.ThrowIfNegative(to, nameof(ToBytes));
        if (OlderThan is { } age)
            ArgumentOutOfRangeException.ThrowIfLessThan(age, TimeSpan.Zero, nameof(OlderThan));
    }
}
