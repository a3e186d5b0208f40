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
        // The disk can be full although bytes are free: a quota, or no inodes. Then its own words are what helps.
        var what =
            available < needed
                ? string.Create(CultureInfo.InvariantCulture, $"{needed} bytes are needed, {available} are free")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"the disk took no more with {available} bytes free ({inner?.Message.TrimEnd('.') ?? "a quota, or too many files"})"
                );
        return $"No room in the store '{path}': {what}. Free disk space, remove models with 'larder clear REF', or use another store with --store.";
    }
}
