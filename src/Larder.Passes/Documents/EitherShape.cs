using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Passes.Documents;

/// <summary>A value of one of some shapes, no two of which are of one kind.</summary>
internal sealed class EitherShape(params Shape[] choices) : Shape
{
    public override string Expected => string.Join(" or ", choices.Select(choice => choice.Expected));

    public override bool Accepts(JsonElement value) => Array.Exists(choices, choice => choice.Accepts(value));

    public override JsonObject ToSchema() =>
        new() { ["oneOf"] = new JsonArray([.. choices.Select(choice => choice.ToSchema())]) };

    protected override void CheckWithin(JsonElement value, string path, List<WorkflowFault> faults) =>
        Array.Find(choices, choice => choice.Accepts(value))!.Check(value, path, faults);
}
