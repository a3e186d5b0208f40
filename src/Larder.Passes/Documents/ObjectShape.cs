using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Passes.Documents;

/// <summary>An object with known members and no others.</summary>
internal sealed class ObjectShape(params Member[] members) : Shape
{
    public override string Expected => "an object";

    public override bool Accepts(JsonElement value) => value.ValueKind == JsonValueKind.Object;

    public override JsonObject ToSchema()
    {
        var properties = new JsonObject();
        foreach (var member in members)
        {
            var schema = member.Shape.ToSchema();
            schema.Insert(0, "description", member.Description);
            if (member.Default is { } value)
                schema["default"] = value.DeepClone();
            properties[member.Name] = schema;
        }
        var required = members.Where(member => member.IsRequired).Select(member => (JsonNode)member.Name).ToArray();
        var all = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Length > 0)
            all["required"] = new JsonArray(required);
        all["additionalProperties"] = false;
        return all;
    }

    protected override void CheckWithin(JsonElement value, string path, List<WorkflowFault> faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (TextOf(() => property.Name, path, faults) is not { } name)
                continue;
            if (!seen.Add(name))
                faults.Add(new WorkflowFault(At(path, name), "It is there twice: keep one."));
            else if (Array.Find(members, member => member.Name == name) is { } member)
                member.Shape.Check(property.Value, At(path, name), faults);
            else
                faults.Add(Unknown(path, name));
        }
        faults.AddRange(
            members
                .Where(member => member.IsRequired && !seen.Contains(member.Name))
                .Select(member => new WorkflowFault(path, $"'{member.Name}' is missing: add it. {member.Description}"))
        );
    }

    private WorkflowFault Unknown(string path, string name)
    {
        var names = members.Select(member => member.Name).ToList();
        return new WorkflowFault(
            At(path, name),
            NearestName.Of(name, names) is { } nearest
                ? $"There is no such member. Did you mean '{nearest}'?"
                : $"There is no such member. Known are {string.Join(", ", names)}."
        );
    }
}
