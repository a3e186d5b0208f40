using System.Diagnostics.Metrics;

namespace Larder.Telemetry;

/// <summary>The one meter, named Larder, and its instruments.</summary>
internal static class LarderMeter
{
    private static readonly Meter Meter = new("Larder");

    /// <summary>Bytes that a verification or the scrub has read again.</summary>
    public static readonly Counter<long> BytesVerified = Meter.CreateCounter<long>(
        "larder.store.verified",
        "By",
        "Stored bytes that were read again and compared with their digests"
    );

    /// <summary>What became of optimised copies of models, by outcome: <c>hit</c>, <c>kept</c>, <c>damaged</c>, <c>failed</c>.</summary>
    public static readonly Counter<long> OptimizedCopies = Meter.CreateCounter<long>(
        "larder.onnx.optimized",
        "{copy}",
        "Optimised copies of models that were loaded, kept, found damaged or could not be had"
    );

    /// <summary>Blobs, manifests, entries and snapshots that proved to be damaged or missing.</summary>
    public static readonly Counter<long> ItemsDamaged = Meter.CreateCounter<long>(
        "larder.store.damaged",
        "{item}",
        "Stored things that were found damaged or missing"
    );

    /// <summary>What was looked for in shared stores, by outcome: <c>hit</c>, <c>miss</c>.</summary>
    public static readonly Counter<long> SharedLookups = Meter.CreateCounter<long>(
        "larder.shared.lookups",
        "{entry}",
        "Entries that were looked for in a shared store"
    );

    /// <summary>Bytes of blobs that went to or came from shared stores, by direction: <c>sent</c>, <c>fetched</c>.</summary>
    public static readonly Counter<long> SharedBytes = Meter.CreateCounter<long>(
        "larder.shared.bytes",
        "By",
        "Bytes of blobs that were sent to a shared store or fetched from it"
    );

    /// <summary>What shared stores did not do, by failure.</summary>
    public static readonly Counter<long> SharedFailures = Meter.CreateCounter<long>(
        "larder.shared.failures",
        "{failure}",
        "Requests that a shared store refused, did not answer, or answered with what cannot be used"
    );
}
