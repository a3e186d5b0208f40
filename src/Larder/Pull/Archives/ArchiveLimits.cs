namespace Larder.Pull.Archives;

/// <summary>What an archive may unpack to; what is more is refused, and nothing of it is stored.</summary>
public sealed record ArchiveLimits
{
    /// <summary>Bytes of all its files together; 256 GB.</summary>
    public long MaxBytes { get; init; } = 256_000_000_000;

    /// <summary>Files, directories and whatever else it lists; 100,000.</summary>
    public int MaxEntries { get; init; } = 100_000;

    /// <summary>How many times its own size; 100. Archives that unpack to less than 16 MiB are not measured.</summary>
    public int MaxRatio { get; init; } = 100;

    /// <summary>Segments of a path; 32.</summary>
    public int MaxDepth { get; init; } = 32;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxEntries);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxRatio);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxDepth);
    }
}
