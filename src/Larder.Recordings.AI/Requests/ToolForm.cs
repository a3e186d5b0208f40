using System.Text.Json.Nodes;
using Larder.Recordings.AI.Json;
using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI.Requests;

/// <summary>Writes what a model is told of a tool; the library's own JSON of options leaves tools out.</summary>
internal static class ToolForm
{
    public static JsonObject Of(AITool tool, string place, ClientParts parts)
    {
        var written = tool is AIFunctionDeclaration function
            ? OfFunction(function)
            : ClientJson.WriteRequest<object>(tool, place, parts);
        if (tool is not AIFunctionDeclaration)
            written.Insert(0, "type", tool.GetType().FullName);
        // Credentials travel in them, under names that anybody may choose.
        if (written["headers"] is JsonObject headers)
        {
            foreach (var name in headers.Select(header => header.Key).ToArray())
                headers[name] = RedactionRules.Redacted;
        }
        return written;
    }

    // The function's code is none of it: it is called by who asked, with what the model answers.
    private static JsonObject OfFunction(AIFunctionDeclaration function)
    {
        var written = new JsonObject
        {
            ["type"] = "function",
            ["name"] = function.Name,
            ["description"] = function.Description,
            ["schema"] = JsonNode.Parse(function.JsonSchema.GetRawText()),
        };
        if (function.ReturnJsonSchema is { } returns)
            written["returns"] = JsonNode.Parse(returns.GetRawText());
        return written;
    }
}
