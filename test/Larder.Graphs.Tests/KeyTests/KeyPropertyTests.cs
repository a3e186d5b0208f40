using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Larder.Content;
using Larder.Graphs.Keys;

namespace Larder.Graphs.Tests.KeyTests;

/// <summary>Claims about the keys of all configurations; a failure shows the configuration and the seed.</summary>
public sealed class KeyPropertyTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(500);
    private static readonly GraphKind<Settings> Typed = new("random", 1);
    private static readonly GraphKind Untyped = new("random", 1, new JsonObject { ["values"] = new JsonObject() });

    [Fact]
    public void KeyOf_AnotherSpelling_IsTheSame() =>
        Holds((values, random) => Of(values) == Of(RandomConfiguration.Respell(values, random)));

    [Fact]
    public void KeyOf_OneValueChanged_Differs() =>
        Holds((values, random) => Of(values) != Of(RandomConfiguration.Change(values, random)));

    [Fact]
    public void KeyOf_TypedAndUntyped_AreOne() =>
        Holds(
            (values, random) =>
                Of(values)
                == Untyped
                    .KeyOf(new Dictionary<string, object?> { ["values"] = RandomConfiguration.Respell(values, random) })
                    .ToString()
        );

    [Fact]
    public void KeyOf_AnyConfiguration_IsTheKeyOfItsRequest() =>
        Holds(
            (values, _) =>
                Of(values)
                == EntryKey.Of(JsonNode.Parse(Typed.KeyOf(new Settings(values)).Request.Span)!.AsObject()).ToString()
        );

    [Fact]
    public void ConfigurationOf_AnyKey_HasTheSameKey() =>
        Holds(
            (values, _) =>
                Of(values) == Typed.KeyOf(Typed.ConfigurationOf(Typed.KeyOf(new Settings(values)))).ToString()
        );

    [Fact]
    public void ConfigurationOf_AnyUntypedKey_HasTheSameKey() =>
        Holds(
            (values, _) =>
            {
                var key = Untyped.KeyOf(new Dictionary<string, object?> { ["values"] = values });
                return key.Equals(Untyped.KeyOf(Untyped.ConfigurationOf(key)));
            }
        );

    // The text has the whole digest.
    private static string Of(Dictionary<string, object?> values) => Typed.KeyOf(new Settings(values)).ToString();

    private static void Holds(Func<Dictionary<string, object?>, Random, bool> claim)
    {
        var cases =
            from values in RandomConfiguration.Objects
            from seed in Gen.Choose(0, int.MaxValue)
            select (values, seed);
        Prop.ForAll(cases.ToArbitrary(), one => claim(one.values, new Random(one.seed))).Check(Config);
    }

    private sealed record Settings(Dictionary<string, object?> Values);
}
