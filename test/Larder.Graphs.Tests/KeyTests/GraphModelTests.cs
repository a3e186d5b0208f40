using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Graphs.Keys;

namespace Larder.Graphs.Tests.KeyTests;

public sealed class GraphModelTests
{
    private static readonly GraphKind<Plain> Kind = new("test", 1);

    [Fact]
    public void Of_Manifest_IsNamedByItsDigits() =>
        Assert.Equal(Text.Weights.ToString(), GraphModel.Of("unet", Text.Weights).Name);

    [Fact]
    public void KeyOf_ManifestModel_HasRoleAndAllDigits() =>
        Assert.Contains(
            $"\"models\":{{\"unet\":\"{Text.Weights}\"}}",
            Text.Request(Kind.KeyOf(new Plain(), GraphModel.Of("unet", Text.Weights))),
            StringComparison.Ordinal
        );

    [Fact]
    public void KeyOf_ObjectModel_HasTheObjectsName()
    {
        var model = new object();

        Assert.Contains(
            ObjectIdentity.Of(model),
            Text.Request(Kind.KeyOf(new Plain(), GraphModel.OfObject("unet", model))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void KeyOf_ModelsInAnotherOrder_IsTheSame()
    {
        GraphModel[] models = [.. "cabd".Select(role => GraphModel.Of(role.ToString(), Text.Weights))];
        GraphModel[] reversed = [.. models.Reverse()];

        Assert.Equal(Kind.KeyOf(new Plain(), models), Kind.KeyOf(new Plain(), reversed));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(20)]
    public void KeyOf_ManyModels_IsTheKeyOfItsRequest(int count)
    {
        GraphModel[] models =
        [
            .. Enumerable.Range(0, count).Select(i => GraphModel.Of($"role \"{i * 7 % count}", Text.Weights)),
        ];

        var key = Kind.KeyOf(new Plain(), models);

        var request = JsonNode.Parse(key.Request.Span)!.AsObject();
        Assert.Equal(EntryKey.Of(request), key);
        Assert.Equal(count, request["models"]!.AsObject().Count);
    }

    [Fact]
    public void KeyOf_ModelsWithSwappedRoles_Differs()
    {
        var other = Digest.Of("other"u8);

        Assert.NotEqual(
            Kind.KeyOf(new Plain(), GraphModel.Of("a", Text.Weights), GraphModel.Of("b", other)),
            Kind.KeyOf(new Plain(), GraphModel.Of("b", Text.Weights), GraphModel.Of("a", other))
        );
    }

    [Fact]
    public void KeyOf_TwoModelsOfOneRole_Throws()
    {
        var model = GraphModel.Of("unet", Text.Weights);

        var error = Assert.Throws<ArgumentException>(() =>
            Kind.KeyOf(new Plain(), model, GraphModel.Of("vae", Text.Weights), model)
        );

        Assert.Contains("'unet'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KeyOf_ModelThatWasNeverMade_Throws() =>
        Assert.Throws<ArgumentException>(() => Kind.KeyOf(new Plain(), default(GraphModel)));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Of_NoRole_Throws(string role) =>
        Assert.Throws<ArgumentException>(() => GraphModel.Of(role, Text.Weights));

    [Fact]
    public void Of_RoleWithHalfACharacter_Throws() =>
        Assert.Throws<ArgumentException>(() => GraphModel.Of("\ud800", Text.Weights));

    [Fact]
    public void OfObject_StringOrValue_Throws()
    {
        Assert.Throws<ArgumentException>(() => GraphModel.OfObject("unet", "a path"));
        Assert.Throws<ArgumentException>(() => GraphModel.OfObject("unet", 7));
    }

    [Fact]
    public void OfObject_SameObject_IsEqual()
    {
        var model = new object();

        Assert.Equal(GraphModel.OfObject("unet", model), GraphModel.OfObject("unet", model));
    }

    private sealed record Plain(int Steps = 30);
}
