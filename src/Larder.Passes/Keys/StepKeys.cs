using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Passes.Running;

namespace Larder.Passes.Keys;

/// <summary>The keys of passes and evaluations. The README of this project says what is in them.</summary>
internal static class StepKeys
{
    public const string PassKind = "pass";
    public const string EvaluationKind = "evaluation";

    // Raised when the same request comes to mean another answer.
    private const int Version = 1;

    /// <summary>The result of a pass, by its key, before anybody has seen its bytes.</summary>
    public static JsonObject ResultOf(EntryKey pass) => new() { ["pass"] = pass.Digest.ToString() };

    /// <summary>A model by its bytes.</summary>
    public static JsonObject Bytes(Digest manifest) => new() { ["manifest"] = manifest.ToString() };

    /// <summary>The key of a pass.</summary>
    /// <param name="step">The pass.</param>
    /// <param name="input">What stands for the model that it reads.</param>
    public static EntryKey OfPass(PlannedStep step, JsonObject input) =>
        Of(
            step,
            new JsonObject
            {
                ["kind"] = PassKind,
                ["version"] = Version,
                ["input"] = input.DeepClone(),
                ["pass"] = Kind(step),
            }
        );

    /// <summary>The key of an evaluation.</summary>
    /// <param name="step">The evaluation.</param>
    /// <param name="of">What stands for the model that it measures.</param>
    /// <param name="input">What stands for the workflow's input, where it compares with that.</param>
    public static EntryKey OfEvaluation(PlannedStep step, JsonObject of, JsonObject? input)
    {
        var request = new JsonObject
        {
            ["kind"] = EvaluationKind,
            ["version"] = Version,
            ["of"] = of.DeepClone(),
            ["evaluation"] = Kind(step),
        };
        if (input is not null)
            request["input"] = input.DeepClone();
        return Of(step, request);
    }

    private static JsonObject Kind(PlannedStep step) => new() { ["name"] = step.Type, ["version"] = step.Version };

    private static EntryKey Of(PlannedStep step, JsonObject request)
    {
        request["config"] = step.Facts.Config.DeepClone();
        request["environment"] = new JsonObject(
            step.Facts.Environment.Select(fact => KeyValuePair.Create(fact.Key, (JsonNode?)fact.Value))
        );
        request["files"] = step.Files.ToJson();
        try
        {
            return EntryKey.Of(request);
        }
        catch (InvalidDocumentException wrong)
        {
            // A number, perhaps, that not every reader of JSON reads as the same.
            throw new WorkflowException([new WorkflowFault(step.Path, wrong.Message)]);
        }
    }
}
