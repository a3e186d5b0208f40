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
}
