using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Passes.Documents;

/// <summary>An object of which only its step knows the members.</summary>
internal sealed class FreeShape : Shape
{
    public override string Expected => "an object";

    public override bool Accepts(JsonElement value) => value.ValueKind == JsonValueKind.Object;

    public override JsonObject ToSchema() => new() { ["type"] = "object" };

    protected override void CheckWithin(JsonElement value, string path, List<WorkflowFault> faults)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckMembers(value, path, faults);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                    CheckWithin(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), faults);
                break;
            case JsonValueKind.String:
                TextOf(value.GetString, path, faults);
                break;
        }
    }

    private void CheckMembers(JsonElement value, string path, List<WorkflowFault> faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (TextOf(() => property.Name, path, faults) is not { } name)
                continue;
            if (!seen.Add(name))
                faults.Add(new WorkflowFault(At(path, name), "It is there twice: keep one."));
            else
                CheckWithin(property.Value, At(path, name), faults);
        }
    }
}
