using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larder.Content;

namespace Larder.Passes.Documents;

/// <summary>A text that is not empty, of some pattern where there is one.</summary>
/// <param name="pattern">A regular expression for all of it, of what .NET and JSON schema both know; null for any text.</param>
/// <param name="described">The same in words, to be read after "a text of".</param>
internal sealed class TextShape(string? pattern = null, string? described = null) : Shape
{
    public override string Expected => described is null ? "a text" : $"a text of {described}";

    public override bool Accepts(JsonElement value) => value.ValueKind == JsonValueKind.String;

    public override JsonObject ToSchema()
    {
        var schema = new JsonObject { ["type"] = "string", ["minLength"] = 1 };
        if (pattern is not null)
            schema["pattern"] = $"^(?:{pattern})$";
        return schema;
    }

    protected override void CheckWithin(JsonElement value, string path, List<WorkflowFault> faults)
    {
        if (TextOf(value.GetString, path, faults) is not { } text)
            return;
        if (text.Length == 0)
            faults.Add(new WorkflowFault(path, $"It is empty; {Expected} is expected."));
        // '$' would also stand before a line's end.
        else if (
            pattern is not null
            && !Regex.IsMatch(text, $@"\A(?:{pattern})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)
        )
            faults.Add(new WorkflowFault(path, $"It is {Printable.Quote(text)}; {Expected} is expected."));
    }
}
