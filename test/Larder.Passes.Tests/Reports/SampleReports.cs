using Larder.Passes.Reports;
using Larder.Passes.Running;

namespace Larder.Passes.Tests.Reports;

/// <summary>Reports that the tests look at.</summary>
internal static class SampleReports
{
    public static readonly DateTimeOffset Ended = new(2026, 11, 22, 5, 6, 7, TimeSpan.FromHours(2));

    /// <summary>Every kind of outcome, a warning, a baseline and a limit that is missed.</summary>
    public static WorkflowReport Full { get; } =
        new()
        {
            Workflow = "optimise.json",
            Input = "s3://models/resnet-50/",
            InputDigest = new string('a', 64),
            InputBytes = 102_400_000,
            Passes =
            [
                new ReportedPass("optimise", "onnx-optimize", StepOutcome.SharedHit)
                {
                    Key = new string('1', 64),
                    Seconds = 0.021,
                    SecondsSaved = 14.2,
                    BytesBefore = 102_400_000,
                    BytesAfter = 101_900_000,
                },
                new ReportedPass("half", "onnx-float16", StepOutcome.LocalHit)
                {
                    Key = new string('2', 64),
                    SecondsSaved = 6.5,
                    BytesBefore = 101_900_000,
                    BytesAfter = 51_100_000,
                },
                new ReportedPass("quantise", "onnx-quantize", StepOutcome.Computed)
                {
                    Key = new string('3', 64),
                    Seconds = 8.25,
                    BytesBefore = 51_100_000,
                    BytesAfter = 26_000_000,
                    BytesFetched = 51_100_000,
                },
                new ReportedPass("split", "external-data", StepOutcome.NotNeeded) { Key = new string('4', 64) },
            ],
            Evaluations =
            [
                new ReportedEvaluation("speed", "onnx-latency", StepOutcome.Computed)
                {
                    Of = "quantise",
                    Metrics = Figures(("latency_ms_median", 12.5), ("runs_per_second", 80)),
                    Baseline = Figures(("latency_ms_median", 25), ("runs_per_second", 40)),
                    BaselineName = "speed before",
                    Seconds = 3.1,
                },
                new ReportedEvaluation("closeness", "onnx-accuracy", StepOutcome.SharedHit)
                {
                    Of = "quantise",
                    Metrics = Figures(("max_abs_error", 0.00004), ("samples", 8)),
                    Missed = ["'max_abs_error' is 4E-05 and must be at most 1E-05."],
                    SecondsSaved = 2,
                },
            ],
            OutputDigest = new string('b', 64),
            OutputBytes = 26_000_000,
            OutputPath = "/srv/models/out",
            Seconds = 11.8,
            SecondsSaved = 22.7,
            BytesFetched = 51_100_000,
            BytesPublished = 26_000_000,
            Warnings = ["The shared store did not take the entry of 'quantise': it is read-only."],
            Ended = Ended,
        };

    public static string Html(WorkflowReport report)
    {
        using var writer = new StringWriter();
        HtmlReport.Write(report, writer);
        return writer.ToString();
    }

    public static Dictionary<string, double> Figures(params ReadOnlySpan<(string Name, double Value)> figures)
    {
        var named = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in figures)
            named.Add(name, value);
        return named;
    }
}
