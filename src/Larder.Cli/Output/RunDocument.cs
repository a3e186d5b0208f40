using System.Globalization;
using System.Text.Json;
using Larder.Passes.Running;

namespace Larder.Cli.Output;

/// <summary>A run, or what it would find, for scripts.</summary>
internal static class RunDocument
{
    public static void Write(Utf8JsonWriter json, WorkflowResult result)
    {
        json.WriteStartObject();
        json.WriteString("input", result.Input);
        json.WriteStartArray("passes");
        foreach (var pass in result.Passes)
        {
            json.WriteStartObject();
            json.WriteString("name", pass.Name);
            json.WriteString("type", pass.Type);
            json.WriteString("key", pass.Key.ToString());
            json.WriteString("outcome", Name(pass.Outcome));
            json.WriteBoolean("by_content", pass.ByContent);
            json.WriteNumber("seconds", Round(pass.Seconds));
            json.WriteNumber("seconds_saved", Round(pass.SecondsSaved));
            json.WriteNumber("bytes_fetched", pass.BytesFetched);
            if (pass.Manifest is { } manifest)
                json.WriteString("manifest", manifest.ToString());
            if (pass.SizeBytes is { } size)
                json.WriteNumber("bytes", size);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("evaluations");
        foreach (var evaluation in result.Evaluations)
            Write(json, evaluation);
        json.WriteEndArray();
        json.WriteString("output", result.Output.LaidOut?.Path ?? result.Output.Path);
        json.WriteString("digest", result.Output.Manifest.Digest.ToString());
        json.WriteNumber("files", result.Output.Manifest.Files.Count);
        json.WriteNumber("bytes", result.Output.Manifest.SizeBytes);
        json.WriteNumber("bytes_fetched", result.BytesFetched);
        json.WriteNumber("bytes_published", result.BytesPublished);
        json.WriteNumber("seconds", Round(result.Seconds));
        json.WriteNumber("seconds_saved", Round(result.SecondsSaved));
        WriteList(json, "warnings", result.Warnings);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, WorkflowExplanation explanation)
    {
        json.WriteStartObject();
        json.WriteString("input", explanation.Input);
        json.WritePropertyName("input_identity");
        json.WriteRawValue(explanation.InputIdentity);
        WriteSteps(json, "passes", explanation.Passes);
        WriteSteps(json, "evaluations", explanation.Evaluations);
        WriteList(json, "warnings", explanation.Warnings);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, EvaluationResult evaluation)
    {
        json.WriteStartObject();
        json.WriteString("name", evaluation.Name);
        json.WriteString("type", evaluation.Type);
        if (evaluation.Of is { } of)
            json.WriteString("of", of);
        json.WriteString("key", evaluation.Key.ToString());
        json.WriteString("outcome", Name(evaluation.Outcome));
        json.WriteNumber("seconds", Round(evaluation.Seconds));
        json.WriteNumber("bytes_fetched", evaluation.BytesFetched);
        json.WriteStartObject("metrics");
        foreach (var (name, value) in evaluation.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal))
        {
            // Which JSON has no number for.
            if (double.IsFinite(value))
                json.WriteNumber(name, value);
            else
                json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
        }
        json.WriteEndObject();
        WriteList(json, "missed_limits", evaluation.Missed);
        json.WriteEndObject();
    }

    private static void WriteSteps(Utf8JsonWriter json, string name, IReadOnlyList<StepExplanation> steps)
    {
        json.WriteStartArray(name);
        foreach (var step in steps)
        {
            json.WriteStartObject();
            json.WriteString("name", step.Name);
            json.WriteString("type", step.Type);
            json.WriteString("key", step.Key.ToString());
            json.WriteString("outcome", Name(step.Outcome));
            json.WriteBoolean("by_content", step.ByContent);
            json.WritePropertyName("request");
            json.WriteRawValue(step.Request);
            if (step.Manifest is { } manifest)
                json.WriteString("manifest", manifest.ToString());
            if (step.SizeBytes is { } size)
                json.WriteNumber("bytes", size);
            if (step.Nearest is { } nearest)
                json.WriteString("nearest", nearest.ToString());
            json.WriteStartArray("differences");
            foreach (var difference in step.Differences)
            {
                json.WriteStartObject();
                json.WriteString("path", difference.Path);
                WriteValue(json, "here", difference.Here);
                WriteValue(json, "there", difference.There);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            if (step.Failure is { } failure)
                json.WriteString("failure", failure);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    // A side that has nothing leaves the member out: null is a value.
    private static void WriteValue(Utf8JsonWriter json, string name, string? value)
    {
        if (value is null)
            return;
        json.WritePropertyName(name);
        json.WriteRawValue(value);
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> sentences)
    {
        json.WriteStartArray(name);
        foreach (var sentence in sentences)
            json.WriteStringValue(sentence);
        json.WriteEndArray();
    }

    private static string Name(StepOutcome outcome) => JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString());

    private static double Round(double seconds) => Math.Round(seconds, 6);
}
