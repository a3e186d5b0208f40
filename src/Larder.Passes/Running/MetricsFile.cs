using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Store;

namespace Larder.Passes.Running;

/// <summary>The one file of an evaluation's answer: its figures by name.</summary>
internal static class MetricsFile
{
    public const string Name = "metrics.json";

    private const int MaxSizeBytes = 1 << 20;

    public static StepWork WorkOf(EvaluationPlan plan) =>
        async (model, input, outputPath, workPath, log, cancellationToken) =>
        {
            var metrics = await plan.RunAsync(
                    new EvaluationRun
                    {
                        ModelPath = model.Path,
                        Model = model.Manifest,
                        InputPath = input?.Path,
                        WorkPath = workPath,
                        Log = log,
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            Write(outputPath, metrics);
        };

    /// <summary>The figures in a directory; null where there are none to believe.</summary>
    public static IReadOnlyDictionary<string, double>? TryRead(string directory)
    {
        try
        {
            using var file = File.OpenRead(Path.Join(directory, Name));
            if (file.Length > MaxSizeBytes)
                return null;
            using var document = JsonDocument.Parse(file);
            return document
                .RootElement.EnumerateObject()
                .ToDictionary(figure => figure.Name, figure => figure.Value.GetDouble(), StringComparer.Ordinal);
        }
        catch (Exception wrong)
            when (wrong is JsonException or InvalidOperationException or FormatException or ArgumentException
                || StoreFailure.Covers(wrong)
            )
        {
            return null;
        }
    }

    private static void Write(string directory, IReadOnlyDictionary<string, double>? metrics)
    {
        if (metrics is null || metrics.Count == 0)
            throw new PassException(PassFailure.Permanent, "It gave no figure.");
        if (metrics.FirstOrDefault(figure => !double.IsFinite(figure.Value)) is { Key: not null } odd)
            throw new PassException(
                PassFailure.Permanent,
                $"Its figure '{Printable.Escape(odd.Key)}' is {odd.Value}, which is no number."
            );
        var json = new JsonObject(metrics.Select(figure => KeyValuePair.Create(figure.Key, (JsonNode?)figure.Value)));
        File.WriteAllBytes(Path.Join(directory, Name), CanonicalJson.Serialize(json));
    }
}
