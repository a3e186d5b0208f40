using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Origins;
using Larder.Passes.Reports;
using Larder.Passes.Running;

namespace Larder.Passes.Tests.Reports;

public sealed class WorkflowReportsTests
{
    private static readonly Digest Key = Digest.Of("key"u8);

    [Fact]
    public void Of_AResult_HasWhatTheReportNeeds()
    {
        var manifest = Manifest.Create([new ManifestFile("model.onnx", 7, Key)]);
        using var result = Result(manifest) with
        {
            InputManifest = Key,
            InputBytes = 30,
            Passes = [Pass("first", 20), Pass("second", 7)],
            Seconds = 3,
            SecondsSaved = 4,
            BytesFetched = 5,
            BytesPublished = 6,
            Warnings = ["slow"],
        };

        var report = WorkflowReports.Of("w.json", Workflow(), result, SampleReports.Ended);

        Assert.Equal("w.json", report.Workflow);
        Assert.Equal("file:///m", report.Input);
        Assert.Equal((Key.ToString(), 30L), (report.InputDigest, report.InputBytes));
        Assert.Equal((manifest.Digest.ToString(), 7L), (report.OutputDigest, report.OutputBytes));
        Assert.Equal((3, 4, 5, 6), (report.Seconds, report.SecondsSaved, report.BytesFetched, report.BytesPublished));
        Assert.Equal(["slow"], report.Warnings);
        Assert.Equal(SampleReports.Ended, report.Ended);
        Assert.Equal(
            [
                new ReportedPass("first", "type", StepOutcome.SharedHit)
                {
                    Key = Key.ToString(),
                    Seconds = 1,
                    SecondsSaved = 2,
                    BytesBefore = 30,
                    BytesAfter = 20,
                    BytesFetched = 3,
                },
                new ReportedPass("second", "type", StepOutcome.SharedHit)
                {
                    Key = Key.ToString(),
                    Seconds = 1,
                    SecondsSaved = 2,
                    BytesBefore = 20,
                    BytesAfter = 7,
                    BytesFetched = 3,
                },
            ],
            report.Passes
        );
    }

    [Fact]
    public void Of_SameEvaluationOfAnEarlierModel_IsTheBaseline()
    {
        using var result = Result(Manifest.Create([new ManifestFile("model.onnx", 7, Key)])) with
        {
            Passes = [Pass("first", 20), Pass("second", 7)],
            Evaluations =
            [
                Evaluation("last", "second", 1),
                Evaluation("other runs", "first", 2),
                Evaluation("before", "first", 3),
            ],
        };
        var workflow = Workflow(("last", 50), ("other runs", 60), ("before", 50));

        var report = WorkflowReports.Of("w.json", workflow, result, SampleReports.Ended);

        Assert.Equal(["before", null, null], report.Evaluations.Select(evaluation => evaluation.BaselineName));
        Assert.Equal(3, report.Evaluations[0].Baseline["latency_ms_median"]);
        Assert.Empty(report.Evaluations[1].Baseline);
    }

    private static WorkflowResult Result(Manifest manifest) =>
        new()
        {
            Input = "file:///m",
            Passes = [],
            Evaluations = [],
            Output = new WorkflowOutput(new HeldFiles("/store/snapshot", manifest, new StringWriter())),
        };

    private static Workflow Workflow(params IEnumerable<(string Name, int Runs)> evaluations) =>
        new()
        {
            Input = new WorkflowInput(ModelReference.Parse("file:///m/")),
            Evaluations =
            [
                .. evaluations.Select(evaluation => new WorkflowEvaluation(
                    evaluation.Name,
                    "onnx-latency",
                    new JsonObject { ["runs"] = evaluation.Runs }
                )),
            ],
        };

    private static PassResult Pass(string name, long bytes) =>
        new()
        {
            Name = name,
            Type = "type",
            Key = Key,
            Outcome = StepOutcome.SharedHit,
            Seconds = 1,
            SecondsSaved = 2,
            SizeBytes = bytes,
            BytesFetched = 3,
        };

    private static EvaluationResult Evaluation(string name, string of, double median) =>
        new()
        {
            Name = name,
            Type = "onnx-latency",
            Of = of,
            Key = Key,
            Outcome = StepOutcome.Computed,
            Metrics = SampleReports.Figures(("latency_ms_median", median)),
        };
}
