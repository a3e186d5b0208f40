using System.Diagnostics.Metrics;
using Larder.Telemetry;

namespace Larder.Recordings.Telemetry;

/// <summary>Counts what becomes of calls whose answers are recorded.</summary>
internal static class RecordingMeter
{
    private static readonly Counter<long> Calls = LarderMeter.Counter(
        "larder.recordings.calls",
        "{call}",
        "Calls of recorded services, by outcome: hit, miss, recorded, left, drifted"
    );

    /// <summary>Counts a call.</summary>
    /// <param name="outcome">What became of it.</param>
    public static void Count(string outcome)
    {
        if (LarderTelemetry.IsEnabled)
            Calls.Add(1, LarderMeter.Tag("outcome", outcome));
    }
}
