using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Content.Requests;

namespace Larder.Graphs.Keys;

/// <summary>Makes JSON of parameters that come in a dictionary; what it cannot take is added to the faults.</summary>
internal sealed class JsonParameters(List<ConfigurationFault> faults)
{
    // More is refused in any case: a key is at most 64 deep, its own objects included.
    private const int MaxDepth = CanonicalJsonTree.MaxDepth;

    public JsonObject Convert(IReadOnlyDictionary<string, object?> parameters) => Convert(parameters, "$", 0);

    private JsonObject Convert(IEnumerable<KeyValuePair<string, object?>> members, string path, int depth)
    {
        var converted = new JsonObject();
        foreach (var (name, value) in members)
            converted[name] = Convert(value, path + new RequestStep(name, 0), depth + 1);
        return converted;
    }

    private JsonNode? Convert(object? value, string path, int depth)
    {
        if (depth > MaxDepth)
            return Refuse(
                path,
                $"The parameters are nested more than {MaxDepth} deep, or contain themselves; flatten them."
            );

        return value switch
        {
            null => null,
            JsonNode node => node.DeepClone(),
            JsonElement { ValueKind: not JsonValueKind.Undefined } element => JsonNode.Parse(element.GetRawText()),
            IReadOnlyDictionary<string, object?> members => Convert(members, path, depth),
            IDictionary members when members.Keys.Cast<object>().All(name => name is string) => Convert(
                members.Keys.Cast<string>().Select(name => KeyValuePair.Create(name, members[name])),
                path,
                depth
            ),
            Array { Rank: > 1 } => Refuse(
                path,
                "An array of several dimensions would lose its shape; give an array of arrays."
            ),
            IList items => new JsonArray([
                .. items.Cast<object?>().Select((item, i) => Convert(item, path + new RequestStep(null, i), depth + 1)),
            ]),
            _ => ScalarOf(value)
                ?? Refuse(
                    path,
                    $"A {value.GetType()} is no JSON value; give a number, a string, a bool, a list or a dictionary."
                ),
        };
    }

    private static JsonValue? ScalarOf(object value) =>
        value switch
        {
            bool flag => JsonValue.Create(flag),
            string text => JsonValue.Create(text),
            int number => JsonValue.Create(number),
            long number => JsonValue.Create(number),
            double number => JsonValue.Create(number),
            float number => JsonValue.Create(number),
            decimal number => JsonValue.Create(number),
            uint number => JsonValue.Create(number),
            ulong number => JsonValue.Create(number),
            short number => JsonValue.Create(number),
            ushort number => JsonValue.Create(number),
            byte number => JsonValue.Create(number),
            sbyte number => JsonValue.Create(number),
            _ => null,
        };

    private JsonNode? Refuse(string path, string message)
    {
        faults.Add(new ConfigurationFault(path, message));
        return null;
    }
}
