namespace Larder.Store.Room;

/// <summary>How much a store may hold.</summary>
/// <param name="CapacityBytes">Bytes that it may hold at most; null for no limit but the disk.</param>
/// <param name="KeepFreeBytes">Bytes of the disk that it leaves to others.</param>
/// <param name="HighWater">The share of its limit above which it is emptied.</param>
/// <param name="LowWater">The share of its limit down to which it is emptied then.</param>
internal sealed record StoreLimits(long? CapacityBytes, long KeepFreeBytes, double HighWater, double LowWater)
{
    /// <summary>No limit but the disk.</summary>
    public static readonly StoreLimits None = new(null, 0, 1, 1);

    /// <summary>What these limits mean while a store uses so much of the disk and so much is free.</summary>
    /// <param name="allocatedBytes">Bytes of the disk that the store takes now.</param>
    /// <param name="freeBytes">Bytes of the disk that are free now.</param>
    public RoomBounds On(long allocatedBytes, long freeBytes)
    {
        var disk = Math.Max(0, allocatedBytes + freeBytes - KeepFreeBytes);
        var capacity = CapacityBytes ?? long.MaxValue;
        // The marks are for limits that somebody has set. Where none is, the disk's end alone counts.
        var marked = Math.Min(capacity, KeepFreeBytes > 0 ? disk : long.MaxValue);
        var most = Math.Min(capacity, disk);
        return new RoomBounds(most, Math.Min(most, Share(marked, HighWater)), Math.Min(most, Share(marked, LowWater)));
    }

    private static long Share(long bytes, double share) =>
        bytes == long.MaxValue ? long.MaxValue : (long)(bytes * share);
}
