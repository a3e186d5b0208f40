using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Larder.Recordings.Tests.Requests;

/// <summary>Random values of all kinds that stand in requests, each by a text that tells it apart from all others.</summary>
/// <remarks>A description is what the key should tell; equal descriptions are equal values, made anew.</remarks>
internal sealed record RandomArguments(string Description, Func<object?> Make)
{
    private static readonly Gen<string> Texts = Gen.Elements(
        "",
        "a",
        "b",
        "1",
        "NaN",
        "null",
        "Friday",
        "00000000-0000-0000-0000-000000000001",
        "${root}",
        "${root}/a",
        "$${root}/a",
        "$bytes",
        "$$bytes",
        "$number",
        "[redacted]x",
        "\ud83d\ude00",
        "9007199254740993"
    );

    private static readonly Gen<RandomArguments> Leaves = Gen.OneOf(
        Texts.Select(text => Of($"text {text}", () => new string(text))),
        Texts.Select(text => Of($"text {Asked.Root}/{text}", () => $"{Asked.Root}/{text}")),
        Gen.Choose(-3, 3).Select(number => Of($"number {number}", () => number)),
        Gen.Choose(-3, 3).Select(number => Of($"number {number}", () => (double)number)),
        Gen.Choose(-3, 3).Select(number => Of($"number {number}", () => JsonValue.Create(number))),
        Gen.Choose(0, 3).Select(bits => Of($"number 2^53+{bits}", () => (1L << 53) + 1 + bits)),
        Gen.Elements<object>(double.NaN, double.PositiveInfinity, 0.1, 0.1f, 5e-324)
            .Select(n => Of($"{n.GetType()} {n}", () => n)),
        Gen.Elements(DayOfWeek.Friday, (DayOfWeek)9).Select(day => Of($"day {day}", () => day)),
        Gen.Choose(1, 3).Select(n => Of($"guid {n}", () => new Guid(n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))),
        Gen.Choose(0, 3).Select(n => Of($"char {n}", () => (char)('a' + n))),
        Gen.Choose(0, 3).Select(n => Of($"bytes {n}", () => new byte[n])),
        Gen.Choose(0, 3).Select(n => Of($"stream {n}", () => new MemoryStream(new byte[n]))),
        Gen.Choose(0, 3).Select(n => Of($"span {n}", () => TimeSpan.FromSeconds(n))),
        Gen.Choose(64, 67).Select(n => Of($"tensor {n}", () => new float[n + 1])),
        Gen.Choose(1, 3).Select(n => Of($"shape {n}", () => new int[n, 6 / n])),
        Gen.Choose(1, 3).Select(n => Of($"tensor of {n}", () => new FakeTensor("float32", [n], [1, 2, 3, 4]))),
        Gen.Elements(true, false).Select(flag => Of($"flag {flag}", () => flag)),
        Gen.Constant(Of($"null", () => null))
    );

    /// <summary>A value that is declared as anything.</summary>
    public static Gen<RandomArguments> Values { get; } = Nested(depth: 3);

    private static RandomArguments Of(FormattableString description, Func<object?> make) =>
        new(FormattableString.Invariant(description), make);

    private static Gen<RandomArguments> Nested(int depth)
    {
        if (depth == 0)
            return Leaves;

        var below = Nested(depth - 1);
        return Gen.OneOf(
            Leaves,
            from length in Gen.Choose(0, 3)
            from items in below.ListOf(length)
            select Of(
                $"[{string.Join(',', items.Select(item => item.Description))}]",
                () => items.Select(item => item.Make()).ToList()
            ),
            from length in Gen.Choose(0, 3)
            from names in Texts.ListOf(length)
            from items in below.ListOf(length)
            select OfMembers([.. names.Zip(items).DistinctBy(member => member.First, StringComparer.Ordinal)]),
            from item in below
            select Of($"holder {item.Description}", () => new Holder(item.Make())),
            from item in below
            select Of($"set {item.Description}", () => new HashSet<object?> { item.Make() })
        );
    }

    private static RandomArguments OfMembers((string Name, RandomArguments Value)[] members) =>
        new(
            $"{{{string.Join(',', members.OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => $"{member.Name.Length}:{member.Name}={member.Value.Description}"))}}}",
            () => members.ToDictionary(member => member.Name, member => member.Value.Make(), StringComparer.Ordinal)
        );

    private sealed record Holder(object? Value);
}
