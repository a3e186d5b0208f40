using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Graphs.Keys;

namespace Larder.Graphs.Tests.KeyTests;

/// <summary>What the keys of the prior graph cache and its tensor cache got wrong.</summary>
public sealed class PriorSystemKeyDefectTests
{
    private static readonly GraphKind<Preset> Typed = new("t2v_one_stage", 1);

    private static readonly GraphKind Untyped = new(
        "t2v_one_stage",
        1,
        new JsonObject
        {
            ["num_inference_steps"] = 30,
            ["options"] = new JsonObject { ["tile"] = 128, ["overlap"] = 0.25 },
            ["preset_type"] = null,
            ["texts"] = null,
        },
        "num_keyframes"
    );

    [Fact]
    public void AddressReuse_ManyShortLivedModels_HaveNoKeyInCommon()
    {
        HashSet<EntryKey> keys = [];
        for (var i = 0; i < 2000; i++)
        {
            Assert.True(keys.Add(Typed.KeyOf(new Preset(), GraphModel.OfObject("model", new byte[1024]))));
            if (i % 200 == 0)
                GC.Collect();
        }
    }

    [Fact]
    public void ChangeInPlace_AdvancedModel_HasAnotherKey()
    {
        var model = new object();
        var before = Typed.KeyOf(new Preset(), GraphModel.OfObject("model", model));

        ObjectIdentity.Advance(model);

        Assert.NotEqual(before, Typed.KeyOf(new Preset(), GraphModel.OfObject("model", model)));
    }

    [Fact]
    public void ExplicitDefault_TypedAndUntyped_IsTheOmittedOne()
    {
        Assert.Equal(Typed.KeyOf(new Preset()), Typed.KeyOf(new Preset { NumInferenceSteps = 30 }));
        Assert.Equal(Untyped.KeyOf(new JsonObject()), Untyped.KeyOf(Json("""{"num_inference_steps": 30}""")));
        Assert.Equal(Untyped.KeyOf(new JsonObject()), Untyped.KeyOf(Json("""{"options": {"tile": 128}}""")));
    }

    [Fact]
    public void EqualNumbers_OfAnyType_AreOne()
    {
        object[] thirties = [30, 30L, 30.0, 30f, 30m, 30.00m, (byte)30, 30UL];

        Assert.Single(thirties.Select(thirty => Typed.KeyOf(new Preset { Anything = thirty })).Distinct());
        Assert.Single(
            thirties
                .Select(thirty => Untyped.KeyOf(new Dictionary<string, object?> { ["num_inference_steps"] = thirty }))
                .Append(Untyped.KeyOf(Json("""{"num_inference_steps": 3.0e1}""")))
                .Distinct()
        );
    }

    [Fact]
    public void NestedDictionaries_InAnotherOrder_AreOne()
    {
        Dictionary<string, object?> one = new()
        {
            ["a"] = new Dictionary<string, int> { ["x"] = 1, ["y"] = 2 },
            ["b"] = 3,
        };
        Dictionary<string, object?> other = new()
        {
            ["b"] = 3,
            ["a"] = new Dictionary<string, int> { ["y"] = 2, ["x"] = 1 },
        };

        Assert.Equal(Typed.KeyOf(new Preset { Anything = one }), Typed.KeyOf(new Preset { Anything = other }));
        Assert.Equal(
            Untyped.KeyOf(Json("""{"options": {"overlap": 0.5, "tile": 1}}""")),
            Untyped.KeyOf(Json("""{"options": {"tile": 1, "overlap": 0.5}}"""))
        );
    }

    [Fact]
    public void ObjectKnownByItsAddressOnly_IsRefused()
    {
        Assert.Equal("$.anything", Text.Fault(new Preset { Anything = new object() }).Path);
        Assert.Equal("$.anything", Text.Fault(new Preset { Anything = (Action)GC.Collect }).Path);
    }

    [Fact]
    public void LossyObject_IsRefusedByTheNameOfWhatItHides() =>
        Assert.Contains(
            "'_path'",
            Text.Fault(new Preset { Anything = new Lossy("a") }).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void MutableList_ChangedLater_ChangesNeitherKeyNorWhatIsLoaded()
    {
        var configuration = new Preset();
        configuration.Loras.Add("a");
        var key = Typed.KeyOf(configuration);
        var request = Text.Request(key);

        configuration.Loras.Add("b");

        Assert.Equal(request, Text.Request(key));
        Assert.Equal(["a"], Typed.ConfigurationOf(key).Loras);
        Assert.NotEqual(key, Typed.KeyOf(configuration));
    }

    [Fact]
    public void ParameterNamedLikeOurs_IsAParameter()
    {
        var kind = new GraphKind(
            "any",
            1,
            Json("""{"kind": 1, "version": 1, "models": 1, "graph": 1, "preset_type": 1}""")
        );

        var key = kind.KeyOf(Json("""{"kind": 2, "version": 3, "models": 4, "graph": 5, "preset_type": 6}"""));

        Assert.Equal(
            """{"configuration":{"graph":5,"kind":2,"models":4,"preset_type":6,"version":3},"graph":"any","kind":"graph","models":{},"version":1}""",
            Text.Request(key)
        );
    }

    [Fact]
    public void ShortHash_KeyHasAllDigitsAndTheWholeRequest()
    {
        var key = Typed.KeyOf(new Preset());

        Assert.Equal(64, key.Digest.ToString().Length);
        Assert.Equal(Digest.Of(key.Request.Span), key.Digest);
        Assert.Equal(EntryKey.Of(Json(Text.Request(key))), key);
    }

    [Fact]
    public void IrrelevantParameter_SplitsNothing()
    {
        Assert.Equal(Untyped.KeyOf(new JsonObject()), Untyped.KeyOf(Json("""{"num_keyframes": 4}""")));
        Assert.Equal(Typed.KeyOf(new Preset()), Typed.KeyOf(new Preset { NumKeyframes = 4 }));
    }

    [Fact]
    public void MisspeltParameter_IsRefusedWithTheNameThatWasMeant()
    {
        var error = Assert.Throws<InvalidConfigurationException>(() =>
            Untyped.KeyOf(Json("""{"num_inference_step": 4, "options": {"tiles": 1}}"""))
        );

        Assert.Equal(["$.options.tiles", "$.num_inference_step"], error.Faults.Select(fault => fault.Path));
        Assert.Contains("'num_inference_steps'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'tile'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t2v_one_stage")]
    [InlineData("t2v_two_stages_quantized")]
    public void NameOfAStage_IsTheNameOfAKind(string name) =>
        Assert.Contains(
            $"\"graph\":\"{name}\"",
            Text.Request(new GraphKind(name, 1, []).KeyOf(new JsonObject())),
            StringComparison.Ordinal
        );

    [Fact]
    public void NamesOfTwoStages_HaveNoKeyInCommon() =>
        Assert.NotEqual(
            new GraphKind("plain", 1, []).KeyOf(new JsonObject()),
            new GraphKind("quantized", 1, []).KeyOf(new JsonObject())
        );

    [Fact]
    public void AmbiguousJoin_OfTexts_Differs()
    {
        string[][] texts =
        [
            ["a|b"],
            ["a", "b"],
            ["a|", "b"],
            ["a", "|b"],
        ];

        Assert.Equal(4, texts.Select(some => Typed.KeyOf(new Preset { Anything = some })).Distinct().Count());
        Assert.Equal(
            4,
            texts.Select(some => Untyped.KeyOf(new Dictionary<string, object?> { ["texts"] = some })).Distinct().Count()
        );
    }

    [Fact]
    public void AnotherEncoder_HasAnotherKey() =>
        Assert.NotEqual(
            Typed.KeyOf(new Preset(), GraphModel.Of("text_encoder", Digest.Of("clip"u8))),
            Typed.KeyOf(new Preset(), GraphModel.Of("text_encoder", Digest.Of("gemma"u8)))
        );

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private sealed class Preset
    {
        public int NumInferenceSteps { get; set; } = 30;
        public List<string> Loras { get; set; } = [];
        public object? Anything { get; set; }

        [NotPartOfKey]
        public int NumKeyframes { get; set; }
    }

    private sealed class Lossy(string path)
    {
        private readonly string _path = path;

        public override string ToString() => $"LoRA {_path[..1]}";
    }
}
