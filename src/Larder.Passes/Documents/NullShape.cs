using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Passes.Documents;

/// <summary>Null, where another tool writes it for what is not there.</summary>
internal sealed class NullShape : Shape
{
    public override string Expected => "null";

    public override bool Accepts(JsonElement value) => value.ValueKind == JsonValueKind.Null;

    public override JsonObject ToSchema() => new() { ["type"] = "null" };

    protected override void CheckWithin(JsonElement value, string path, List<WorkflowFault> faults) { }
}
