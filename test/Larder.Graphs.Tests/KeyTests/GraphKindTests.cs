using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Graphs.Keys;

namespace Larder.Graphs.Tests.KeyTests;

public sealed class GraphKindTests
{
    private static readonly GraphKind Kind = new(
        "test",
        1,
        Json(
            """{"steps": 30, "mode": "fast", "tiling": false, "free": null, "open": {}, "loras": [], "vae": {"tile": {"size": 128}}}"""
        ),
        "num_keyframes"
    );

    [Fact]
    public void KeyOf_Nothing_HasAllDefaults() =>
        Assert.Equal(
            """{"free":null,"loras":[],"mode":"fast","open":{},"steps":30,"tiling":false,"vae":{"tile":{"size":128}}}""",
            Text.Configuration(Kind.KeyOf(new JsonObject()))
        );

    [Fact]
    public void KeyOf_NestedParameter_IsMergedWithItsNeighbours() =>
        Assert.Contains(
            """{"tile":{"size":64}}""",
            Text.Configuration(Kind.KeyOf(Json("""{"vae": {"tile": {"size": 64}}}"""))),
            StringComparison.Ordinal
        );

    [Fact]
    public void KeyOf_EmptyObjectAsDefault_TakesAnyNames() =>
        Assert.Contains(
            """{"x":{"y":1}}""",
            Text.Configuration(Kind.KeyOf(Json("""{"open": {"x": {"y": 1}}}"""))),
            StringComparison.Ordinal
        );

    [Fact]
    public void KeyOf_TypedKindOfTheSameName_HasTheSameKey() =>
        Assert.Equal(
            new GraphKind<Typed>("same", 1).KeyOf(new Typed(), GraphModel.Of("a", Text.Weights)),
            new GraphKind("same", 1, Json("""{"max_steps": 30}""")).KeyOf(
                new JsonObject(),
                GraphModel.Of("a", Text.Weights)
            )
        );

    [Fact]
    public void KeyOf_DictionaryAndJson_AreOne() =>
        Assert.Equal(
            Kind.KeyOf(
                Json(
                    """{"steps": 4, "tiling": true, "mode": "x", "loras": [{"a": 0.5}], "vae": {"tile": {"size": 1}}}"""
                )
            ),
            Kind.KeyOf(
                new Dictionary<string, object?>
                {
                    ["vae"] = new Dictionary<string, object?>
                    {
                        ["tile"] = new Dictionary<string, int> { ["size"] = 1 },
                    },
                    ["loras"] = new List<object> { new Dictionary<string, double> { ["a"] = 0.5 } },
                    ["mode"] = JsonValue.Create("x"),
                    ["tiling"] = JsonDocument.Parse("true").RootElement,
                    ["steps"] = 4L,
                    ["num_keyframes"] = 7,
                }
            )
        );

    [Fact]
    public void KeyOf_SeveralFaults_ListsThemAll()
    {
        var error = Assert.Throws<InvalidConfigurationException>(() =>
            Kind.KeyOf(
                Json(
                    """{"steps": "30", "mode": 1, "tiling": null, "loras": {}, "vae": {"tile": {"sise": 1}}, "Steps": 1, "zzzzzzzzzz": 1}"""
                )
            )
        );

        Assert.Equal(
            ["$.steps", "$.mode", "$.tiling", "$.loras", "$.vae.tile.sise", "$.Steps", "$.zzzzzzzzzz"],
            error.Faults.Select(fault => fault.Path)
        );
        Assert.Equal("test", error.Graph);
        Assert.Contains("did you mean 'size'", error.Message, StringComparison.Ordinal);
        Assert.Contains("there are: steps, mode", error.Message, StringComparison.Ordinal);
        Assert.Contains("a string, '30'; the default is a number, '30'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KeyOf_NestedName_IsNotIgnoredForItsNameAlone() =>
        Assert.Throws<InvalidConfigurationException>(() => Kind.KeyOf(Json("""{"vae": {"num_keyframes": 1}}""")));

    [Fact]
    public void KeyOf_DictionaryWithOtherValues_SaysWhere()
    {
        var error = Assert.Throws<InvalidConfigurationException>(() =>
            Kind.KeyOf(
                new Dictionary<string, object?>
                {
                    ["open"] = new Dictionary<string, object?> { ["a"] = new[] { new object() } },
                }
            )
        );

        Assert.Equal("$.open.a[0]", Assert.Single(error.Faults).Path);
    }

    [Fact]
    public void KeyOf_DictionaryThatContainsItself_IsRefused()
    {
        var parameters = new Dictionary<string, object?>();
        parameters["open"] = parameters;

        Assert.Throws<InvalidConfigurationException>(() => Kind.KeyOf(parameters));
    }

    [Fact]
    public void KeyOf_NameTwiceInJson_IsRefused() =>
        Assert.Throws<InvalidConfigurationException>(() => Kind.KeyOf(Json("""{"open": {"a": 1, "a": 2}}""")));

    [Fact]
    public void KeyOf_ParametersWithNameTwice_IsRefused() =>
        Assert.Throws<InvalidConfigurationException>(() => Kind.KeyOf(Json("""{"steps": 1, "steps": 2}""")));

    [Fact]
    public void ConfigurationOf_Key_HasDefaultsAndTheSameKey()
    {
        var key = Kind.KeyOf(Json("""{"steps": 1152921504606846976, "free": [1]}"""));

        var configuration = Kind.ConfigurationOf(key);

        Assert.Equal("fast", (string?)configuration["mode"]);
        Assert.Equal(key, Kind.KeyOf(configuration));
    }

    [Fact]
    public void ConfigurationOf_ParametersChangedLater_AreThoseOfTheKey()
    {
        var parameters = Json("""{"loras": ["a"]}""");
        var key = Kind.KeyOf(parameters);

        parameters["loras"]!.AsArray().Add("b");

        Assert.Equal("""["a"]""", Kind.ConfigurationOf(key)["loras"]!.ToJsonString());
    }

    [Fact]
    public void ConfigurationOf_KeyOfAnotherKind_Throws() =>
        Assert.Throws<ArgumentException>(() =>
            Kind.ConfigurationOf(new GraphKind("other", 1, []).KeyOf(new JsonObject()))
        );

    [Fact]
    public void Constructor_DefaultsChangedLater_KeepsItsOwn()
    {
        var defaults = Json("""{"a": 1}""");
        var kind = new GraphKind("test", 1, defaults);

        defaults["a"] = 2;

        Assert.Equal("""{"a":1}""", Text.Configuration(kind.KeyOf(new JsonObject())));
    }

    [Fact]
    public void Constructor_IgnoredParameterWithDefault_Throws() =>
        Assert.Throws<ArgumentException>(() => new GraphKind("test", 1, Json("""{"a": 1}"""), "a"));

    [Fact]
    public void Constructor_DefaultsThatNoKeyCanHold_Throws() =>
        Assert.Throws<InvalidConfigurationException>(() =>
            new GraphKind("test", 1, new JsonObject { ["a"] = double.NaN })
        );

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private sealed record Typed(int MaxSteps = 30);
}
