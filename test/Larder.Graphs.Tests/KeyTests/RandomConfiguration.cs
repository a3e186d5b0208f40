using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Larder.Graphs.Tests.KeyTests;

/// <summary>Random configurations of nested dictionaries and lists, other spellings of the same, and changes of one value.</summary>
internal static class RandomConfiguration
{
    private static readonly Gen<int> Lengths = Gen.Choose(0, 4);
    private static readonly Gen<string> Names = Gen.Elements(
        "a",
        "b",
        "A",
        "10",
        "é",
        "\ud83d\ude00",
        "\ufb33",
        "$",
        "x y",
        ""
    );

    private static readonly Gen<object?> Leaves = Gen.OneOf(
        Names.Select(name => (object?)name),
        Gen.Choose(-1000, 1000).Select(number => (object?)number),
        Gen.Choose(-1000, 1000).Select(number => (object?)(number / 8.0)),
        ArbMap.Default.GeneratorFor<long>().Select(number => (object?)number),
        ArbMap
            .Default.GeneratorFor<ulong>()
            .Select(BitConverter.UInt64BitsToDouble)
            .Where(double.IsFinite)
            .Select(number => (object?)number),
        Gen.Elements<object?>(true, false, null)
    );

    public static Gen<Dictionary<string, object?>> Objects { get; } = ObjectsOf(Values(depth: 3));

    /// <summary>The same value with its names in another order and its numbers of other types.</summary>
    public static object? Respell(object? value, Random random) =>
        value switch
        {
            Dictionary<string, object?> members => Respell(members, random),
            List<object?> items => items.ConvertAll(item => Respell(item, random)).ToArray(),
            int number => random.Next(5) switch
            {
                0 => (long)number,
                1 => (double)number,
                2 => (float)number,
                3 => number + 0.00m,
                _ => number,
            },
            long number => (decimal)number,
            double number when Math.Abs(number) < 1000 && number * 8 == Math.Truncate(number * 8) => random.Next(
                3
            ) switch
            {
                0 => (float)number,
                1 => (decimal)number,
                _ => number,
            },
            _ => value,
        };

    public static Dictionary<string, object?> Respell(Dictionary<string, object?> members, Random random)
    {
        var shuffled = members.ToArray();
        random.Shuffle(shuffled);
        return shuffled.ToDictionary(member => member.Key, member => Respell(member.Value, random));
    }

    /// <summary>The configuration with one value, somewhere, that is another.</summary>
    public static Dictionary<string, object?> Change(Dictionary<string, object?> members, Random random)
    {
        var changed = new Dictionary<string, object?>(members);
        if (members.Count == 0 || random.Next(4) == 0)
            changed[string.Create(CultureInfo.InvariantCulture, $"new {members.Count}")] = null;
        else if (random.Next(4) == 0)
            changed.Remove(members.Keys.First());
        else
            changed[members.Keys.First()] = Change(members.Values.First(), random);
        return changed;
    }

    private static object? Change(object? value, Random random) =>
        value switch
        {
            null => false,
            bool flag => !flag,
            string text => text + "!",
            int number => number + 1,
            long number => number ^ 1,
            double number => number == 0 ? double.Epsilon : -number,
            Dictionary<string, object?> members => Change(members, random),
            List<object?> { Count: > 0 } items => items
                .Select((item, i) => i == 0 ? Change(item, random) : item)
                .ToList(),
            _ => new List<object?> { null },
        };

    private static Gen<object?> Values(int depth)
    {
        if (depth == 0)
            return Leaves;

        var below = Values(depth - 1);
        return Gen.OneOf(
            Leaves,
            ObjectsOf(below).Select(members => (object?)members),
            from length in Lengths
            from items in below.ListOf(length)
            select (object?)items.ToList()
        );
    }

    private static Gen<Dictionary<string, object?>> ObjectsOf(Gen<object?> values) =>
        from length in Lengths
        from names in Names.ListOf(length)
        from members in values.ListOf(length)
        select names
            .Zip(members, KeyValuePair.Create)
            .DistinctBy(member => member.Key, StringComparer.Ordinal)
            .ToDictionary(member => member.Key, member => member.Value);
}
