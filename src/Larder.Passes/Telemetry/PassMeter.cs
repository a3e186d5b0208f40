using System.Diagnostics.Metrics;
using Larder.Passes.Running;
using Larder.Telemetry;

namespace Larder.Passes.Telemetry;

/// <summary>Counts the passes and evaluations of runs.</summary>
internal static class PassMeter
{
    private static readonly Counter<long> Steps = LarderMeter.Counter(
        "larder.passes.steps",
        "{step}",
        "Passes and evaluations of runs, by type and outcome: local_hit, shared_hit, computed, not_needed, failed"
    );

    private static readonly Histogram<double> Duration = LarderMeter.SecondsHistogram(
        "larder.passes.duration",
        "Time that passes and evaluations took that were computed, by type",
        LarderMeter.LongSeconds
    );

    private static readonly Counter<double> TimeSaved = LarderMeter.SecondsCounter(
        "larder.passes.time_saved",
        "Time that passes and evaluations would have taken in place of hits, by type"
    );

    /// <summary>Counts the steps of a run that has come to its end.</summary>
    public static void Count(WorkflowResult result)
    {
        if (!LarderTelemetry.IsEnabled)
            return;
        foreach (var pass in result.Passes)
            Count(pass.Type, pass.Outcome, pass.SecondsSaved);
        foreach (var evaluation in result.Evaluations)
            Count(evaluation.Type, evaluation.Outcome, evaluation.SecondsSaved);
    }

    /// <summary>Counts the time of a step that was computed, once for all runs that waited for it.</summary>
    public static void Computed(string type, TimeSpan duration)
    {
        if (LarderTelemetry.IsEnabled)
            Duration.Record(duration.TotalSeconds, LarderMeter.Tag("type", type));
    }

    /// <summary>Counts a step that failed.</summary>
    public static void Failed(string type)
    {
        if (LarderTelemetry.IsEnabled)
            Steps.Add(1, LarderMeter.Tag("type", type), LarderMeter.Tag("outcome", "failed"));
    }

    private static void Count(string type, StepOutcome outcome, double secondsSaved)
    {
        var tag = LarderMeter.Tag("type", type);
        Steps.Add(1, tag, LarderMeter.Tag("outcome", TagValue.Of(outcome)));
        if (secondsSaved > 0)
            TimeSaved.Add(secondsSaved, tag);
    }
}
