namespace Larder.Store.Room;

/// <summary>How full a store was at one moment.</summary>
/// <param name="Counts">What it holds.</param>
/// <param name="ReservedBytes">Bytes that living writers have reserved.</param>
/// <param name="Bounds">What it may hold.</param>
internal sealed record RoomState(StoreCounts Counts, long ReservedBytes, RoomBounds Bounds)
{
    /// <summary>Bytes that transfers which broke off have left.</summary>
    public long PartialBytes { get; init; }

    /// <summary>Bytes held, left and reserved.</summary>
    public long UsedBytes => Counts.HeldBytes + PartialBytes + ReservedBytes;

    /// <summary>Whether so many bytes more may be reserved without emptying the store first.</summary>
    public bool Fits(long bytes) => UsedBytes <= Bounds.HighBytes - bytes;

    /// <summary>Whether so many bytes more may be reserved if the store cannot be emptied any further.</summary>
    public bool FitsAtMost(long bytes) => UsedBytes <= Bounds.MostBytes - bytes;

    /// <summary>Whether so many bytes fit into the store when it is empty.</summary>
    public bool CanEverFit(long bytes) => bytes <= Bounds.MostBytes;

    /// <summary>Bytes to remove so that so many more leave the store at its low mark.</summary>
    public long Excess(long bytes) => Math.Max(0, UsedBytes - (Bounds.LowBytes - bytes));
}
