using System.Diagnostics.Metrics;
using Larder.Sharing;

namespace Larder.Telemetry;

/// <summary>Counts what is asked of shared stores.</summary>
internal static class SharedMeter
{
    private static readonly Counter<long> Lookups = LarderMeter.Counter(
        "larder.shared.lookups",
        "{entry}",
        "Entries that were looked for in a shared store, by outcome: hit, miss"
    );

    private static readonly Counter<long> Bytes = LarderMeter.Counter(
        "larder.shared.bytes",
        "By",
        "Bytes of blobs that went to or came from a shared store, by direction: sent, fetched"
    );

    private static readonly Counter<long> Failures = LarderMeter.Counter(
        "larder.shared.failures",
        "{failure}",
        "Requests that a shared store refused, did not answer, or answered with what cannot be used, by failure"
    );

    public static void LookedUp(int hits, int misses)
    {
        if (!LarderTelemetry.IsEnabled)
            return;
        Lookups.Add(hits, LarderMeter.Tag("outcome", "hit"));
        Lookups.Add(misses, LarderMeter.Tag("outcome", "miss"));
    }

    public static void Sent(long bytes)
    {
        if (LarderTelemetry.IsEnabled)
            Bytes.Add(bytes, LarderMeter.Tag("direction", "sent"));
    }

    public static void Fetched(long bytes)
    {
        if (LarderTelemetry.IsEnabled)
            Bytes.Add(bytes, LarderMeter.Tag("direction", "fetched"));
    }

    public static void Failed(SharedFailure failure)
    {
        if (LarderTelemetry.IsEnabled)
            Failures.Add(1, LarderMeter.Tag("failure", TagValue.Of(failure)));
    }
}
