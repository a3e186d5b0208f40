namespace Larder.Sharing.Administration;

/// <summary>What a shared store holds.</summary>
public sealed record SharedStoreStatistics
{
    /// <summary>Entries by namespace and kind.</summary>
    public required IReadOnlyList<SharedEntryGroup> Groups { get; init; }

    /// <summary>How many entries there are.</summary>
    public long Entries => Groups.Sum(group => group.Entries);

    /// <summary>How many manifests.</summary>
    public required long Manifests { get; init; }

    /// <summary>How many blobs.</summary>
    public required long Blobs { get; init; }

    /// <summary>Bytes of all blobs.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Blobs that no entry reaches: of publications that are under way or broke off, and of entries that are gone.</summary>
    public required long OrphanBlobs { get; init; }

    /// <summary>Their bytes.</summary>
    public required long OrphanBytes { get; init; }
}
