using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Larder.Tests.Content;

/// <summary>Random JSON documents with awkward names, strings and numbers.</summary>
internal static class RandomJson
{
    // Lists as long as FsCheck would make them, inside each other, would never end.
    private static readonly Gen<int> Lengths = Gen.Choose(0, 4);

    private static readonly Gen<string> Texts =
        from length in Lengths
        from parts in Gen.Elements(
                "a",
                "A",
                "10",
                "\u0080",
                "\n",
                "\"\\/",
                "é",
                "e\u0301",
                "€",
                "\ud83d\ude00",
                "\ufb33",
                "\u2028"
            )
            .ListOf(length)
        select string.Concat(parts);

    private static readonly Gen<JsonNode?> Leaves = Gen.OneOf(
        Texts.Select(text => (JsonNode?)JsonValue.Create(text)),
        ArbMap
            .Default.GeneratorFor<ulong>()
            .Select(BitConverter.UInt64BitsToDouble)
            .Where(double.IsFinite)
            .Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Elements(true, false).Select(flag => (JsonNode?)JsonValue.Create(flag)),
        Gen.Constant<JsonNode?>(null)
    );

    public static Gen<JsonNode?> Nodes { get; } = NodesOf(depth: 3);

    public static Gen<JsonObject> Objects { get; } = ObjectsOf(NodesOf(depth: 2));

    private static Gen<JsonNode?> NodesOf(int depth)
    {
        if (depth == 0)
            return Leaves;

        Gen<JsonNode?> below = NodesOf(depth - 1);
        return Gen.OneOf(
            Leaves,
            ObjectsOf(below).Select(members => (JsonNode?)members),
            from length in Lengths
            from items in below.ListOf(length)
            select (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])
        );
    }

    // Nodes are cloned because a generator of constants hands out the same one twice, and a node has one parent.
    private static Gen<JsonObject> ObjectsOf(Gen<JsonNode?> values) =>
        from length in Lengths
        from names in Texts.ListOf(length)
        from members in values.ListOf(length)
        select new JsonObject(
            names
                .Zip(members, (name, value) => KeyValuePair.Create(name, value?.DeepClone()))
                .DistinctBy(member => member.Key, StringComparer.Ordinal)
        );
}
