using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Passes.Documents;

/// <summary>A list of values of one shape.</summary>
internal sealed class ListShape(Shape items) : Shape
{
    public override string Expected => "a list";

    public override bool Accepts(JsonElement value) => value.ValueKind == JsonValueKind.Array;

    public override JsonObject ToSchema() => new() { ["type"] = "array", ["items"] = items.ToSchema() };

    protected override void CheckWithin(JsonElement value, string path, List<WorkflowFault> faults)
    {
        var index = 0;
        foreach (var item in value.EnumerateArray())
            items.Check(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), faults);
    }
}
