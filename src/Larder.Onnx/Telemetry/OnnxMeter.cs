using System.Diagnostics.Metrics;
using Larder.Telemetry;

namespace Larder.Onnx.Telemetry;

/// <summary>Counts what becomes of optimised copies of models.</summary>
internal static class OnnxMeter
{
    private static readonly Counter<long> Copies = LarderMeter.Counter(
        "larder.onnx.optimized",
        "{copy}",
        "Optimised copies of models, by outcome: hit, kept, damaged, failed"
    );

    /// <summary>Counts a copy.</summary>
    /// <param name="outcome"><c>hit</c>, <c>kept</c>, <c>damaged</c> or <c>failed</c>.</param>
    public static void CountCopy(string outcome)
    {
        if (LarderTelemetry.IsEnabled)
            Copies.Add(1, LarderMeter.Tag("outcome", outcome));
    }
}
