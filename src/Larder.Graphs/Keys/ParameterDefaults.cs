using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Content.Requests;

namespace Larder.Graphs.Keys;

/// <summary>The parameters that a kind of graph knows, with their defaults.</summary>
internal sealed class ParameterDefaults(JsonObject defaults, IReadOnlySet<string> ignored)
{
    // Parameters come from callers, who may send any number. These are enough to see what is wrong.
    private const int MaxFaults = 50;

    // A name out of many would make no sentence.
    private const int MaxListed = 20;

    /// <summary>The given parameters over the defaults; what does not fit is added to the faults.</summary>
    public JsonObject Fill(JsonObject given, List<ConfigurationFault> faults) => Fill(defaults, given, "$", faults);

    private JsonObject Fill(JsonObject known, JsonObject given, string path, List<ConfigurationFault> faults)
    {
        var filled = new JsonObject();
        if (JsonWriter.TryReadMembers(given) is not { } members)
        {
            faults.Add(new ConfigurationFault(path, JsonWriter.WrongNames));
            return filled;
        }

        foreach (var (name, value) in known)
        {
            filled[name] = given.TryGetPropertyValue(name, out var own)
                ? Fit(value, own, path + new RequestStep(name, 0), faults)
                : value?.DeepClone();
        }

        var unknown = members
            .Select(member => member.Key)
            .Where(name => !known.ContainsKey(name) && !IsIgnored(name, known));
        foreach (var name in unknown.Take(MaxFaults))
            faults.Add(new ConfigurationFault(path + new RequestStep(name, 0), Unknown(name, known)));
        return filled;
    }

    private bool IsIgnored(string name, JsonObject known) => ReferenceEquals(known, defaults) && ignored.Contains(name);

    private JsonNode? Fit(JsonNode? known, JsonNode? given, string path, List<ConfigurationFault> faults)
    {
        // An empty object as the default takes any names, null takes anything.
        if (known is JsonObject { Count: > 0 } members && given is JsonObject own)
            return Fill(members, own, path, faults);
        if (known is not null && !IsAlike(known, given))
            faults.Add(
                new ConfigurationFault(
                    path,
                    $"The value is {Describe(given)}; the default is {Describe(known)}. Give {NameOf(known)}."
                )
            );
        return given?.DeepClone();
    }

    // A key holds large integers as strings, and what was read from a key is accepted again.
    private static bool IsAlike(JsonNode known, JsonNode? given) =>
        NameOf(known) == NameOf(given)
        || (
            known.GetValueKind() == JsonValueKind.Number
            && given?.GetValueKind() == JsonValueKind.String
            && IsLargeInteger(TextOf(given))
        );

    private static bool IsLargeInteger(string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && Math.Abs(number) >= 1L << 53;

    private static string Unknown(string name, JsonObject known)
    {
        var names = known.Select(member => member.Key);
        if (NearestName.Of(name, names) is { } nearest)
            return $"There is no such parameter; did you mean '{nearest}'?";

        return known.Count == 0
            ? "There is no such parameter; there are none."
            : $"There is no such parameter; there are: {string.Join(", ", names.Take(MaxListed))}{(known.Count > MaxListed ? ", …" : ".")}";
    }

    private static string Describe(JsonNode? node) =>
        node is null ? "null" : $"{NameOf(node)}, {Printable.Quote(TextOf(node))}";

    // By its JSON: the text itself may be none that .NET gives out.
    private static string TextOf(JsonNode node) => node.ToJsonString().Trim('"');

    private static string NameOf(JsonNode? node) =>
        node?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.True or JsonValueKind.False => "a bool",
            JsonValueKind.Number => "a number",
            JsonValueKind.String => "a string",
            JsonValueKind.Array => "an array",
            _ => "an object",
        };
}
