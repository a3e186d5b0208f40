using System.Text.Json.Nodes;
using Larder.Passes.Running;

namespace Larder.Passes.Reports;

/// <summary>Makes reports of the results of runs.</summary>
public static class WorkflowReports
{
    /// <summary>The report of a run.</summary>
    /// <param name="name">What the workflow is called, such as its file's name.</param>
    /// <param name="workflow">The workflow.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="ended">When it ended.</param>
    public static WorkflowReport Of(string name, Workflow workflow, WorkflowResult result, DateTimeOffset ended)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        ArgumentNullException.ThrowIfNull(result);
        return new WorkflowReport
        {
            Workflow = name,
            Input = result.Input,
            InputDigest = result.InputManifest?.ToString(),
            InputBytes = result.InputBytes,
            Passes =
            [
                .. result.Passes.Select(
                    (pass, place) => Pass(pass, place == 0 ? result.InputBytes : result.Passes[place - 1].SizeBytes)
                ),
            ],
            Evaluations = [.. result.Evaluations.Select(evaluation => Evaluation(evaluation, workflow, result))],
            OutputDigest = result.Output.Manifest.Digest.ToString(),
            OutputBytes = result.Output.Manifest.SizeBytes,
            OutputPath = result.Output.LaidOut?.Path,
            Seconds = result.Seconds,
            SecondsSaved = result.SecondsSaved,
            BytesFetched = result.BytesFetched,
            BytesPublished = result.BytesPublished,
            Warnings = result.Warnings,
            Ended = ended,
        };
    }

    private static ReportedPass Pass(PassResult pass, long? bytesBefore) =>
        new(pass.Name, pass.Type, pass.Outcome)
        {
            Key = pass.Key.ToString(),
            Seconds = pass.Seconds,
            SecondsSaved = pass.SecondsSaved,
            BytesBefore = bytesBefore,
            BytesAfter = pass.SizeBytes,
            BytesFetched = pass.BytesFetched,
        };

    private static ReportedEvaluation Evaluation(EvaluationResult evaluation, Workflow workflow, WorkflowResult result)
    {
        var baseline = BaselineOf(evaluation, workflow, result);
        return new ReportedEvaluation(evaluation.Name, evaluation.Type, evaluation.Outcome)
        {
            Of = evaluation.Of,
            Metrics = evaluation.Metrics,
            Missed = evaluation.Missed,
            Baseline = baseline?.Metrics ?? new Dictionary<string, double>(StringComparer.Ordinal),
            BaselineName = baseline?.Name,
            Seconds = evaluation.Seconds,
            SecondsSaved = evaluation.SecondsSaved,
            BytesFetched = evaluation.BytesFetched,
        };
    }

    // The same measurement of the earliest model of the chain, if that is another one than this is of.
    private static EvaluationResult? BaselineOf(EvaluationResult evaluation, Workflow workflow, WorkflowResult result)
    {
        var config = ConfigOf(evaluation.Name);
        var earliest = result
            .Evaluations.Where(other =>
                string.Equals(other.Type, evaluation.Type, StringComparison.Ordinal)
                && JsonNode.DeepEquals(ConfigOf(other.Name), config)
            )
            .MinBy(other => PlaceOf(other.Of));
        return earliest is not null && PlaceOf(earliest.Of) < PlaceOf(evaluation.Of) ? earliest : null;

        JsonObject? ConfigOf(string name) =>
            workflow
                .Evaluations.FirstOrDefault(other => string.Equals(other.Name, name, StringComparison.Ordinal))
                ?.Config;

        int PlaceOf(string? pass) =>
            result
                .Passes.Select((candidate, place) => (candidate.Name, Place: place))
                .Where(candidate => string.Equals(candidate.Name, pass, StringComparison.Ordinal))
                .Select(candidate => candidate.Place)
                .DefaultIfEmpty(-1)
                .First();
    }
}
