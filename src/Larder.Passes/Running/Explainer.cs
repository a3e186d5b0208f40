using System.Text;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Passes.Keys;

namespace Larder.Passes.Running;

/// <summary>Tells where the answers of a chain are, and on a miss what differs from the nearest entry.</summary>
internal sealed class Explainer(RunServices services, Chain chain, InputModel input, Lookup lookup)
{
    private IReadOnlyList<(JsonObject Request, Digest Key)>? _stored;

    /// <summary>Called when both stores have been asked for the keys of the chain.</summary>
    public async Task<IReadOnlyDictionary<StepState, StepExplanation>> ExplainAsync(CancellationToken cancellationToken)
    {
        var explanations = new Dictionary<StepState, StepExplanation>();
        foreach (var step in chain.Steps)
        {
            if (
                step.Answer is null
                && (step.Input is { } before ? before.Answer?.Manifest : input.Manifest) is { } model
            )
                await lookup.AskByContentAsync(step, model, cancellationToken).ConfigureAwait(false);
            explanations.Add(step, Explain(step));
        }
        return explanations;
    }

    private StepExplanation Explain(StepState step)
    {
        var explanation = new StepExplanation
        {
            Name = step.Step.Name,
            Type = step.Step.Type,
            Key = step.Key.Digest,
            Request = Encoding.UTF8.GetString(step.Key.Request.Span),
            Outcome = step.Answer switch
            {
                null => StepOutcome.Miss,
                { Shared: null } => StepOutcome.LocalHit,
                _ => StepOutcome.SharedHit,
            },
            ByContent = step.Answer is { ByContent: true },
            Manifest = step.Answer?.Manifest,
            SizeBytes = step.Answer?.SizeBytes,
            Failure = FailureOf(step),
        };
        if (step.Answer is not null || FindNearest(step) is not { } nearest)
            return explanation;
        return explanation with { Nearest = nearest.Key, Differences = nearest.Differences };
    }

    private string? FailureOf(StepState step)
    {
        var note =
            services.Failures.TryRead(step.Key, since: null)
            ?? (step.ContentKey is { } content ? services.Failures.TryRead(content, since: null) : null);
        return note is null ? null : services.Failures.Describe(note);
    }

    private (Digest Key, IReadOnlyList<KeyDifference> Differences)? FindNearest(StepState step)
    {
        var requests = new[] { step.Key, step.ContentKey }.OfType<EntryKey>().Distinct().Select(Parse).ToList();
        (Digest Key, IReadOnlyList<KeyDifference> Differences)? nearest = null;
        foreach (var (stored, key) in _stored ??= ReadStored())
        {
            foreach (var request in requests.Where(request => IsComparable(request, stored)))
            {
                var differences = RequestDifferences.Between(request, stored);
                if (differences.Count > 0 && (nearest is null || differences.Count < nearest.Value.Differences.Count))
                    nearest = (key, differences);
            }
        }
        return nearest;
    }

    // The latest first, so that of two that are as near it is named.
    private IReadOnlyList<(JsonObject Request, Digest Key)> ReadStored() =>
        [
            .. services
                .Cache.List()
                .Where(model => model.Kind is StepKeys.PassKind or StepKeys.EvaluationKind)
                .OrderByDescending(model => model.Created)
                .Select(model => (JsonNode.Parse(model.Request)!.AsObject(), model.Key)),
        ];

    private static JsonObject Parse(EntryKey key) => JsonNode.Parse(key.Request.Span)!.AsObject();

    /// <summary>Whether both are of one kind of step, and know their models by the same sort of thing.</summary>
    private static bool IsComparable(JsonObject request, JsonObject stored)
    {
        var kind = TextOf(request["kind"])!;
        if (kind != TextOf(stored["kind"]))
            return false;
        var model = kind == StepKeys.PassKind ? "input" : "of";
        return TextOf(request[kind]?["name"]) == TextOf(stored[kind]?["name"])
            && request[model] is JsonObject here
            && stored[model] is JsonObject there
            && here.First().Key == there.FirstOrDefault().Key;
    }

    private static string? TextOf(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
