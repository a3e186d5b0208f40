using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Passes.Documents;

/// <summary>True or false, or only one of them.</summary>
/// <param name="only">The one that it may be; null for both.</param>
internal sealed class FlagShape(bool? only = null) : Shape
{
    public override string Expected =>
        only switch
        {
            null => "true or false",
            true => "true",
            false => "false",
        };

    public override bool Accepts(JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False
        && (only ?? value.GetBoolean()) == value.GetBoolean();

    public override JsonObject ToSchema() =>
        only is { } one ? new JsonObject { ["const"] = one } : new JsonObject { ["type"] = "boolean" };

    protected override void CheckWithin(JsonElement value, string path, List<WorkflowFault> faults) { }
}
