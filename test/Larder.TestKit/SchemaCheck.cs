using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Larder.TestKit;

/// <summary>Checks documents by the JSON schemas of this repository: the keywords that those use, and no others.</summary>
/// <param name="root">The document that references such as <c>#/components/schemas/Id</c> point into.</param>
/// <param name="namesAll">Whether an object with <c>properties</c> may have no others, even where its schema does not say so.</param>
public sealed class SchemaCheck(JsonNode root, bool namesAll = false)
{
    /// <summary>The places where a value is not what its schema says, each with the keyword.</summary>
    public IReadOnlyList<string> FaultsOf(JsonNode? value, JsonNode schema)
    {
        var faults = new List<string>();
        Check(value, schema.AsObject(), "$", faults);
        return faults;
    }

    private void Check(JsonNode? value, JsonObject schema, string path, List<string> faults)
    {
        foreach (var (keyword, rule) in schema)
        {
            var isRight = keyword switch
            {
                // Read together with the properties, or for people.
                "additionalProperties" when schema.ContainsKey("properties") => true,
                "$schema" or "title" or "description" or "default" or "example" => true,
                "format" when rule!.GetValue<string>() == "date-time" => value is null
                    || DateTimeOffset.TryParse(value.GetValue<string>(), out _),
                "type" => Texts(rule!).Any(type => IsOf(value, type)),
                "const" => JsonNode.DeepEquals(value, rule),
                "enum" => rule!.AsArray().Any(choice => JsonNode.DeepEquals(value, choice)),
                "minLength" => value?.GetValueKind() != JsonValueKind.String
                    || value.GetValue<string>().Length >= rule!.GetValue<int>(),
                "minimum" => value?.GetValueKind() != JsonValueKind.Number
                    || value.GetValue<double>() >= rule!.GetValue<double>(),
                "pattern" => value?.GetValueKind() != JsonValueKind.String
                    || Regex.IsMatch(value.GetValue<string>(), rule!.GetValue<string>(), RegexOptions.NonBacktracking),
                "required" => value is not JsonObject members || Texts(rule!).All(members.ContainsKey),
                "properties" => CheckMembers(value, rule!.AsObject(), schema["additionalProperties"], path, faults),
                "additionalProperties" => CheckMembers(value, [], rule, path, faults),
                "items" => CheckItems(value, rule!.AsObject(), path, faults),
                "oneOf" => rule!.AsArray().Count(choice => FaultsOf(value, choice!).Count == 0) == 1,
                "$ref" => CheckReferred(value, rule!.GetValue<string>(), path, faults),
                _ => throw new InvalidOperationException($"This check does not know '{keyword}: {rule}'."),
            };
            if (!isRight)
                faults.Add($"{path}: {keyword}");
        }
    }

    private static IEnumerable<string> Texts(JsonNode rule) =>
        rule is JsonArray several ? several.Select(one => one!.GetValue<string>()) : [rule.GetValue<string>()];

    private static bool IsOf(JsonNode? value, string type) =>
        (value?.GetValueKind() ?? JsonValueKind.Null) switch
        {
            JsonValueKind.Object => type == "object",
            JsonValueKind.Array => type == "array",
            JsonValueKind.String => type == "string",
            JsonValueKind.True or JsonValueKind.False => type == "boolean",
            JsonValueKind.Null => type == "null",
            _ => type == "number" || (type == "integer" && double.IsInteger(value!.GetValue<double>())),
        };

    // What is wrong inside is told with its own path, so these three never fail as a whole.
    private bool CheckMembers(JsonNode? value, JsonObject known, JsonNode? others, string path, List<string> faults)
    {
        foreach (var (name, member) in value as JsonObject ?? [])
        {
            if (known.TryGetPropertyValue(name, out var rule))
                Check(member, rule!.AsObject(), $"{path}.{name}", faults);
            else if (others is JsonObject any)
                Check(member, any, $"{path}.{name}", faults);
            else if (!(others?.GetValue<bool>() ?? !namesAll))
                faults.Add($"{path}.{name}: additionalProperties");
        }
        return true;
    }

    private bool CheckItems(JsonNode? value, JsonObject rule, string path, List<string> faults)
    {
        foreach (var item in value as JsonArray ?? [])
            Check(item, rule, $"{path}[]", faults);
        return true;
    }

    private bool CheckReferred(JsonNode? value, string reference, string path, List<string> faults)
    {
        var schema = reference.Split('/').Skip(1).Aggregate(root, (node, name) => node[name]!);
        Check(value, schema.AsObject(), path, faults);
        return true;
    }
}
