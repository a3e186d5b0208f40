using System.Globalization;

namespace Larder.Store;

/// <summary>The disk has no room for what was asked.</summary>
public sealed class NoRoomException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public NoRoomException(string path, long? neededBytes, long availableBytes, Exception? innerException = null)
        : base(Describe(path, neededBytes, availableBytes, innerException), innerException)
    {
        Path = path;
        NeededBytes = neededBytes;
        AvailableBytes = availableBytes;
    }

    /// <summary>The store.</summary>
    public string Path { get; }

    /// <summary>Bytes that were still to be written; null where that is not known.</summary>
    public long? NeededBytes { get; }

    /// <summary>Bytes that the file system had free for this user.</summary>
    public long AvailableBytes { get; }

    private static string Describe(string path, long? needed, long available, Exception? inner)
    {
        var sizes = needed is null
            ? string.Create(CultureInfo.InvariantCulture, $"{available} bytes are free")
            : string.Create(CultureInfo.InvariantCulture, $"{needed} bytes are needed, {available} are free");
        // The disk can be full although bytes are free: a quota, or no inodes. Then its own words are what helps.
        var reason = inner is null ? "" : $" ({inner.Message})";
        return $"No room in the store '{path}': {sizes}{reason}. Free disk space, remove models with 'larder clear REF', or use another store with --store.";
    }
}
