namespace Larder.Store.Room;

/// <summary>What a store holds, counted.</summary>
internal sealed record StoreCounts
{
    public static readonly StoreCounts Zero = new();

    /// <summary>Entries.</summary>
    public long Entries { get; init; }

    /// <summary>Bytes of the entries' files, as if nothing were shared.</summary>
    public long EntryBytes { get; init; }

    /// <summary>Distinct files.</summary>
    public long Blobs { get; init; }

    /// <summary>Their bytes.</summary>
    public long BlobBytes { get; init; }

    /// <summary>Bytes that snapshots take besides: files that had to be copied.</summary>
    public long CopyBytes { get; init; }

    /// <summary>Bytes of the disk that count against the store's limits.</summary>
    public long HeldBytes => BlobBytes + CopyBytes;

    public static StoreCounts operator +(StoreCounts left, StoreCounts right) =>
        new()
        {
            Entries = left.Entries + right.Entries,
            EntryBytes = left.EntryBytes + right.EntryBytes,
            Blobs = left.Blobs + right.Blobs,
            BlobBytes = left.BlobBytes + right.BlobBytes,
            CopyBytes = left.CopyBytes + right.CopyBytes,
        };

    public static StoreCounts operator -(StoreCounts counts) =>
        new()
        {
            Entries = -counts.Entries,
            EntryBytes = -counts.EntryBytes,
            Blobs = -counts.Blobs,
            BlobBytes = -counts.BlobBytes,
            CopyBytes = -counts.CopyBytes,
        };
}
