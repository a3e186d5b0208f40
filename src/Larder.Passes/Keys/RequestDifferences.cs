using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Passes.Running;

namespace Larder.Passes.Keys;

/// <summary>In what two requests differ.</summary>
internal static class RequestDifferences
{
    private const int MaxValueLength = 80;

    public static IReadOnlyList<KeyDifference> Between(JsonNode? here, JsonNode? there)
    {
        var differences = new List<KeyDifference>();
        Compare("", here, there, differences);
        return differences;
    }

    private static void Compare(string path, JsonNode? here, JsonNode? there, List<KeyDifference> differences)
    {
        if (here is JsonObject left && there is JsonObject right)
        {
            foreach (
                var name in left.Select(member => member.Key)
                    .Union(right.Select(member => member.Key), StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
            )
                CompareMember(path.Length == 0 ? name : $"{path}.{name}", left, right, name, differences);
        }
        else if (here is JsonArray first && there is JsonArray second && first.Count == second.Count)
        {
            for (var index = 0; index < first.Count; index++)
                Compare($"{path}[{index}]", first[index], second[index], differences);
        }
        else if (!IsSame(here, there))
            differences.Add(new KeyDifference(path, Text(here), Text(there)));
    }

    private static void CompareMember(
        string path,
        JsonObject left,
        JsonObject right,
        string name,
        List<KeyDifference> differences
    )
    {
        var isHere = left.TryGetPropertyValue(name, out var here);
        var isThere = right.TryGetPropertyValue(name, out var there);
        if (isHere && isThere)
            Compare(path, here, there, differences);
        else
            differences.Add(new KeyDifference(path, isHere ? Text(here) : null, isThere ? Text(there) : null));
    }

    private static bool IsSame(JsonNode? here, JsonNode? there) =>
        CanonicalJson.Serialize(here).AsSpan().SequenceEqual(CanonicalJson.Serialize(there));

    private static string Text(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length <= MaxValueLength ? text : $"{text[..(MaxValueLength - 1)]}…";
    }
}
