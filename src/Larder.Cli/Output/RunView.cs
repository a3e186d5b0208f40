using System.Globalization;
using Larder.Passes.Running;

namespace Larder.Cli.Output;

/// <summary>A run, or what it would find, for people.</summary>
internal static class RunView
{
    private const int DigitsOfKey = 12;

    public static void Write(WorkflowResult result, bool quiet)
    {
        if (result.Passes.Count > 0)
            TableView.Write(
                ["pass", "type", "outcome", "took", "saved", "size", "fetched"],
                result.Passes.Select(
                    IReadOnlyList<string> (pass) =>
                        [
                            pass.Name,
                            pass.Type,
                            Words(pass.Outcome, pass.ByContent),
                            Seconds(pass.Seconds),
                            Seconds(pass.SecondsSaved),
                            pass.SizeBytes is { } size ? Sizes.Bytes(size) : "",
                            pass.BytesFetched > 0 ? Sizes.Bytes(pass.BytesFetched) : "",
                        ]
                )
            );
        if (result.Evaluations.Count > 0)
            TableView.Write(
                ["evaluation", "of", "outcome", "metric", "value"],
                result.Evaluations.SelectMany(evaluation =>
                    evaluation
                        .Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal)
                        .Select(
                            IReadOnlyList<string> (metric, i) =>
                                [
                                    i == 0 ? evaluation.Name : "",
                                    i == 0 ? evaluation.Of ?? "the input" : "",
                                    i == 0 ? Words(evaluation.Outcome, evaluation.ByContent) : "",
                                    metric.Key,
                                    metric.Value.ToString("0.######", CultureInfo.InvariantCulture),
                                ]
                        )
                )
            );
        foreach (var evaluation in result.Evaluations)
        foreach (var missed in evaluation.Missed)
            Terminal.Message($"larder: {evaluation.Name}: {missed}");
        if (!quiet)
            Terminal.Message(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{result.Input}: {Sizes.Time(TimeSpan.FromSeconds(result.Seconds))}, {Sizes.Time(TimeSpan.FromSeconds(result.SecondsSaved))} saved, {Sizes.Bytes(result.BytesFetched)} fetched, {Sizes.Bytes(result.BytesPublished)} published; version {result.Output.Manifest.Digest.ToString()[..DigitsOfKey]}"
                )
            );
        Terminal.Answer(result.Output.LaidOut?.Path ?? result.Output.Path);
    }

    public static void Write(WorkflowExplanation explanation)
    {
        Terminal.Answer($"input {explanation.Input}");
        Terminal.Answer($"  which is {explanation.InputIdentity}");
        foreach (var step in explanation.Passes)
            Write(step, "pass");
        foreach (var step in explanation.Evaluations)
            Write(step, "evaluation");
    }

    private static void Write(StepExplanation step, string noun)
    {
        var size = step.SizeBytes is { } bytes ? $", {Sizes.Bytes(bytes)}" : "";
        Terminal.Answer($"{noun} {step.Name} ({step.Type}): {Words(step.Outcome, step.ByContent)}{size}");
        Terminal.Answer($"  key {step.Key}");
        if (step.Nearest is { } nearest)
            Terminal.Answer($"  nearest {nearest}, which differs in");
        foreach (var difference in step.Differences)
            Terminal.Answer($"    {difference}");
        if (step.Outcome == StepOutcome.Miss && step.Nearest is null)
            Terminal.Answer("  nothing of this kind is stored here");
        if (step.Failure is { } failure)
            Terminal.Answer($"  it failed: {failure}");
    }

    private static string Words(StepOutcome outcome, bool byContent) =>
        outcome switch
        {
            StepOutcome.LocalHit => byContent ? "hit, by content" : "hit",
            StepOutcome.SharedHit => byContent ? "shared hit, by content" : "shared hit",
            StepOutcome.Computed => "computed",
            StepOutcome.NotNeeded => "not needed",
            _ => "miss",
        };

    private static string Seconds(double seconds) => seconds == 0 ? "" : Sizes.Time(TimeSpan.FromSeconds(seconds));
}
