using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Larder.Passes.Documents.Tests;

/// <summary>Checks a document by a JSON schema: those keywords that the workflow's schema uses, and no others.</summary>
internal static class SchemaCheck
{
    public static void Check(JsonNode? value, JsonObject schema, string path, List<string> faults)
    {
        foreach (var (keyword, rule) in schema)
        {
            var isRight = keyword switch
            {
                "$schema" or "title" or "description" or "default" or "additionalProperties" => true,
                "type" => IsOf(value, rule!.GetValue<string>()),
                "const" => JsonNode.DeepEquals(value, rule),
                "minLength" => value?.GetValueKind() != JsonValueKind.String
                    || value.GetValue<string>().Length >= rule!.GetValue<int>(),
                "pattern" => value?.GetValueKind() != JsonValueKind.String
                    || Regex.IsMatch(value.GetValue<string>(), rule!.GetValue<string>(), RegexOptions.NonBacktracking),
                "required" => value is not JsonObject members
                    || rule!.AsArray().All(name => members.ContainsKey(name!.GetValue<string>())),
                "properties" => HasKnown(value, schema, path, faults),
                "items" => HasItems(value, rule!.AsObject(), path, faults),
                "oneOf" => rule!.AsArray().Count(choice => IsRight(value, choice!.AsObject())) == 1,
                _ => throw new InvalidOperationException($"This check does not know '{keyword}'."),
            };
            if (!isRight)
                faults.Add($"{path}: {keyword}");
        }
    }

    private static bool IsRight(JsonNode? value, JsonObject schema)
    {
        var faults = new List<string>();
        Check(value, schema, "", faults);
        return faults.Count == 0;
    }

    private static bool IsOf(JsonNode? value, string type) =>
        (value?.GetValueKind() ?? JsonValueKind.Null) switch
        {
            JsonValueKind.Object => type == "object",
            JsonValueKind.Array => type == "array",
            JsonValueKind.String => type == "string",
            JsonValueKind.True or JsonValueKind.False => type == "boolean",
            JsonValueKind.Null => type == "null",
            _ => type == "number",
        };

    private static bool HasKnown(JsonNode? value, JsonObject schema, string path, List<string> faults)
    {
        if (value is not JsonObject members)
            return true;
        var known = schema["properties"]!.AsObject();
        var isOpen = schema["additionalProperties"]?.GetValue<bool>() ?? true;
        foreach (var (name, member) in members)
        {
            if (known.TryGetPropertyValue(name, out var rule))
                Check(member, rule!.AsObject(), $"{path}.{name}", faults);
            else if (!isOpen)
                faults.Add($"{path}.{name}: additionalProperties");
        }
        return true;
    }

    private static bool HasItems(JsonNode? value, JsonObject rule, string path, List<string> faults)
    {
        foreach (var item in value as JsonArray ?? [])
            Check(item, rule, $"{path}[]", faults);
        return true;
    }
}
