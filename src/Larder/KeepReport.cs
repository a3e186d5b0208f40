using Larder.Content;

namespace Larder;

/// <summary>Why a model is kept, and what its removal would give back.</summary>
public sealed record KeepReport
{
    /// <summary>Whether somebody holds a lease on it: nothing removes it now.</summary>
    public required bool Leased { get; init; }

    /// <summary>Whether it is pinned: nothing removes it until the pin is taken off.</summary>
    public required bool Pinned { get; init; }

    /// <summary>Bytes that its removal would give back now.</summary>
    public required long FreedBytes { get; init; }

    /// <summary>Bytes of its files that other models have too.</summary>
    public required long SharedBytes { get; init; }

    /// <summary>How often it was used since it came, as far as it was noted.</summary>
    public required long Uses { get; init; }

    /// <summary>The policy that chooses what is evicted.</summary>
    public required string Policy { get; init; }

    /// <summary>Its place in the order of eviction, 1 for what goes next; leases and pins aside.</summary>
    public required int Rank { get; init; }

    /// <summary>How many versions the store has, earlier ones of other models included.</summary>
    public required int Versions { get; init; }

    /// <summary>Earlier versions of it that the store still has, the latest first.</summary>
    public required IReadOnlyList<Digest> EarlierVersions { get; init; }
}
