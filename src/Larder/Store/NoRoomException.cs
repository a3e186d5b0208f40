using System.Globalization;
using Larder.Store.Room;

namespace Larder.Store;

/// <summary>There is no room for what was asked: the disk is full, or the store may not hold more.</summary>
public sealed class NoRoomException : LarderException
{
    /// <summary>Creates the failure of a disk that is full.</summary>
    public NoRoomException(string path, long? neededBytes, long availableBytes, Exception? innerException = null)
        : this(
            path,
            neededBytes,
            availableBytes,
            canFitLater: true,
            DiskFull(path, neededBytes, availableBytes, innerException),
            innerException
        ) { }

    internal NoRoomException(
        string path,
        long? neededBytes,
        long availableBytes,
        bool canFitLater,
        string message,
        Exception? innerException = null
    )
        : base(message, innerException)
    {
        Path = path;
        NeededBytes = neededBytes;
        AvailableBytes = availableBytes;
        CanFitLater = canFitLater;
    }

    /// <summary>The store.</summary>
    public string Path { get; }

    /// <summary>Bytes that were still to be written; null where that is not known.</summary>
    public long? NeededBytes { get; }

    /// <summary>Bytes that there was room for.</summary>
    public long AvailableBytes { get; }

    /// <summary>Whether the same may fit when others have ended; false when it is more than the store may ever hold.</summary>
    public bool CanFitLater { get; }

    /// <summary>What is asked is more than the store may hold when it is empty.</summary>
    internal static NoRoomException Never(string path, long needed, RoomState state, StoreLimits limits)
    {
        var isCapacity = limits.CapacityBytes is { } capacity && needed > capacity;
        var most = state.Bounds.MostBytes;
        var message = isCapacity
            ? Text(
                $"It can never fit into the store '{path}': {needed} bytes are needed, its capacity is {limits.CapacityBytes} bytes. Nothing was fetched. Raise store.capacity, or use another store with --store."
            )
            : Text(
                $"It cannot fit into the store '{path}', even if that were empty: {needed} bytes are needed, the disk has room for {most}{Kept(limits)}. Nothing was fetched. Free disk space, or use another store with --store."
            );
        return new NoRoomException(path, needed, most, canFitLater: !isCapacity, message);
    }

    /// <summary>What is asked would fit if others did not hold what they hold.</summary>
    internal static NoRoomException NotNow(string path, long needed, RoomState state, StoreLimits limits, int held)
    {
        var available = Math.Max(0, state.Bounds.MostBytes - state.UsedBytes);
        var limit =
            limits.CapacityBytes is { } capacity && capacity <= state.Bounds.MostBytes
                ? Text($"of its capacity of {capacity} bytes {available} are free")
                : Text($"{available} bytes may still be written to its disk{Kept(limits)}");
        var reserved = state.ReservedBytes > 0 ? Text($", {state.ReservedBytes} are reserved by pulls under way") : "";
        return new NoRoomException(
            path,
            needed,
            available,
            canFitLater: true,
            Text(
                $"No room in the store '{path}' now: {needed} bytes are needed, {limit}{reserved}, and the rest cannot be evicted: {held} entries are in use or pinned. Try again when they are not ('larder list' shows which), unpin with 'larder unpin REF', or raise the limit."
            )
        );
    }

    private static string Kept(StoreLimits limits) =>
        limits.KeepFreeBytes > 0 ? Text($" with store.keep_free at {limits.KeepFreeBytes}") : "";

    private static string DiskFull(string path, long? needed, long available, Exception? inner)
    {
        // The disk can be full although bytes are free: a quota, or no inodes. Then its own words are what helps.
        var what =
            available < needed
                ? Text($"{needed} bytes are needed, {available} are free")
                : Text(
                    $"the disk took no more with {available} bytes free ({inner?.Message.TrimEnd('.') ?? "a quota, or too many files"})"
                );
        return $"No room in the store '{path}': {what}. Free disk space, remove models with 'larder clear REF', or use another store with --store.";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
