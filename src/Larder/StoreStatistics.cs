using Larder.Telemetry;

namespace Larder;

/// <summary>What a store holds and has saved since it was made.</summary>
public sealed record StoreStatistics
{
    /// <summary>Models.</summary>
    public required int TotalModels { get; init; }

    /// <summary>Bytes of all models, as if nothing were shared between them.</summary>
    public required long TotalSizeBytes { get; init; }

    /// <summary>Distinct files.</summary>
    public required int Blobs { get; init; }

    /// <summary>Bytes that the store may hold; null for no limit but the disk.</summary>
    public long? CapacityBytes { get; init; }

    /// <summary>Bytes that transfers which broke off have left; the next pull of the same goes on with them.</summary>
    public long PartialBytes { get; init; }

    /// <summary>Bytes that came from origins.</summary>
    public required long BytesFetched { get; init; }

    /// <summary>The counts that every cache has; its bytes are those of the distinct files.</summary>
    public required CacheStatistics Cache { get; init; }
}
