namespace Larder.Sharing.Administration;

/// <summary>What was removed from a shared store, or would be.</summary>
public sealed record SharedPruneResult
{
    /// <summary>The entries.</summary>
    public required IReadOnlyList<SharedEntrySummary> Entries { get; init; }

    /// <summary>How many blobs.</summary>
    public required long Blobs { get; init; }

    /// <summary>How many manifests.</summary>
    public required long Manifests { get; init; }

    /// <summary>Bytes of the blobs.</summary>
    public required long FreedBytes { get; init; }

    /// <summary>Entries that somebody has written again meanwhile, and that stay.</summary>
    public required long Kept { get; init; }

    /// <summary>Whether nothing was done.</summary>
    public required bool IsDryRun { get; init; }
}
