using System.Diagnostics.Metrics;
using Larder.Origins;

namespace Larder.Telemetry;

/// <summary>Counts what transfers do while they do it.</summary>
internal static class TransferMeter
{
    private static readonly UpDownCounter<long> Active = LarderMeter.UpDownCounter(
        "larder.transfers.active",
        "{transfer}",
        "Transfers that are under way, from origins and shared stores"
    );

    private static readonly Counter<long> Bytes = LarderMeter.Counter(
        "larder.transfers.bytes",
        "By",
        "Bytes that have arrived, as they arrive, also those of transfers that fail later"
    );

    private static readonly Counter<long> Retries = LarderMeter.Counter(
        "larder.transfers.retries",
        "{retry}",
        "Requests to origins that were made again, by the failure of the one before"
    );

    public static void Begin()
    {
        if (LarderTelemetry.IsEnabled)
            Active.Add(1);
    }

    public static void End()
    {
        if (LarderTelemetry.IsEnabled)
            Active.Add(-1);
    }

    public static void Arrived(long bytes)
    {
        if (LarderTelemetry.IsEnabled)
            Bytes.Add(bytes);
    }

    public static void Retry(OriginFailure failure)
    {
        if (LarderTelemetry.IsEnabled)
            Retries.Add(1, LarderMeter.Tag("failure", TagValue.Of(failure)));
    }
}
