using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Larder.Pull;

namespace Larder.Telemetry;

/// <summary>Counts pulls.</summary>
internal static class PullMeter
{
    private static readonly Counter<long> Answered = LarderMeter.Counter(
        "larder.pulls.answered",
        "{pull}",
        "Pulls, by outcome: hit, miss, revalidated, stale, shared, failed"
    );

    private static readonly Histogram<double> Duration = LarderMeter.SecondsHistogram(
        "larder.pulls.duration",
        "Time that pulls took, by outcome",
        LarderMeter.LongSeconds
    );

    private static readonly Counter<long> Fetched = LarderMeter.Counter(
        "larder.pulls.fetched",
        "By",
        "Bytes of files that pulls brought into the store, by where they came from: origin, shared"
    );

    /// <summary>Makes all outcomes known with none so far: of a counter that begins with its first event, nobody sees that one.</summary>
    public static void Announce()
    {
        if (!LarderTelemetry.IsEnabled)
            return;
        foreach (var outcome in Enum.GetValues<PullOutcome>())
            Answered.Add(0, LarderMeter.Tag("outcome", NameOf(outcome)));
        Answered.Add(0, LarderMeter.Tag("outcome", "failed"));
    }

    /// <summary>Counts a pull that was answered; of those who shared a transfer only one has its bytes.</summary>
    public static void Count(PullReport report, TimeSpan duration)
    {
        if (LarderTelemetry.IsEnabled)
            Record(report, duration);
    }

    /// <summary>Counts a pull that failed.</summary>
    public static void CountFailure()
    {
        if (LarderTelemetry.IsEnabled)
            Answered.Add(1, LarderMeter.Tag("outcome", "failed"));
    }

    /// <summary>The outcome as it is in answers, metrics and traces.</summary>
    public static string NameOf(PullOutcome outcome) =>
        outcome switch
        {
            PullOutcome.Hit => "hit",
            PullOutcome.Miss => "miss",
            PullOutcome.Revalidated => "revalidated",
            PullOutcome.Stale => "stale",
            PullOutcome.Shared => "shared",
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No outcome of a pull."),
        };

    // Of its own, so that a process without telemetry does not even load the assembly of instruments.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Record(PullReport report, TimeSpan duration)
    {
        var outcome = LarderMeter.Tag("outcome", NameOf(report.Outcome));
        Answered.Add(1, outcome);
        Duration.Record(duration.TotalSeconds, outcome);
        if (!report.IsOwn)
            return;
        if (report.BytesFetched > 0)
            Fetched.Add(report.BytesFetched, LarderMeter.Tag("from", "origin"));
        if (report.BytesFromShared > 0)
            Fetched.Add(report.BytesFromShared, LarderMeter.Tag("from", "shared"));
    }
}
