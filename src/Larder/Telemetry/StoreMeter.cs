using System.Diagnostics.Metrics;

namespace Larder.Telemetry;

/// <summary>Counts what this process does with stores.</summary>
internal static class StoreMeter
{
    private static readonly Counter<long> Verified = LarderMeter.Counter(
        "larder.store.verified",
        "By",
        "Stored bytes that were read again and compared with their digests"
    );

    private static readonly Counter<long> Damaged = LarderMeter.Counter(
        "larder.store.damaged",
        "{item}",
        "Blobs, manifests, entries and snapshots that were found damaged or missing"
    );

    private static readonly Counter<long> Evictions = LarderMeter.Counter(
        "larder.store.evictions",
        "{entry}",
        "Entries that were evicted, by reason: room for another, or asked for by somebody"
    );

    private static readonly Counter<long> Failures = LarderMeter.Counter(
        "larder.store.failures",
        "{failure}",
        "What the store could not do, by failure: no_room now, never_room, unusable"
    );

    /// <summary>Makes all reasons and failures known with none so far, as <see cref="PullMeter.Announce"/> does.</summary>
    public static void Announce()
    {
        BytesVerified(0);
        ItemsDamaged(0);
        EvictedForRoom(0);
        EvictedAsAsked(0);
        Failed("no_room", 0);
        Failed("never_room", 0);
        Failed("unusable", 0);
    }

    public static void BytesVerified(long bytes)
    {
        if (LarderTelemetry.IsEnabled)
            Verified.Add(bytes);
    }

    public static void ItemsDamaged(long items)
    {
        if (LarderTelemetry.IsEnabled)
            Damaged.Add(items);
    }

    /// <summary>Counts entries that went for another's room.</summary>
    public static void EvictedForRoom(long entries) => Evicted(entries, "room");

    /// <summary>Counts entries that went because somebody wanted the store smaller.</summary>
    public static void EvictedAsAsked(long entries) => Evicted(entries, "asked");

    /// <summary>Counts a writer that found no room.</summary>
    /// <param name="canFitLater">Whether it would, were less in use.</param>
    public static void NoRoom(bool canFitLater) => Failed(canFitLater ? "no_room" : "never_room");

    /// <summary>Counts an operation that the file system failed.</summary>
    public static void Unusable() => Failed("unusable");

    private static void Evicted(long entries, string reason)
    {
        if (LarderTelemetry.IsEnabled)
            Evictions.Add(entries, LarderMeter.Tag("reason", reason));
    }

    private static void Failed(string failure, long times = 1)
    {
        if (LarderTelemetry.IsEnabled)
            Failures.Add(times, LarderMeter.Tag("failure", failure));
    }
}
