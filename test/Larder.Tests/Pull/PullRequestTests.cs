using System.Text;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Tests.Pull;

public sealed class PullRequestTests
{
    [Theory]
    [InlineData("file:///models/house-prices", null)]
    [InlineData("file:///models/a%20%22b%22%5Cc", null)]
    [InlineData("https://host/ä/model.onnx", null)]
    [InlineData("https://host/model.onnx?sig=secret", "?sig=secret")]
    public void KeyOf_Reference_IsTheKeyOfItsDocument(string text, string? query)
    {
        var reference = ModelReference.Parse(text);
        var document = new JsonObject
        {
            ["version"] = 1,
            ["reference"] = reference.Text,
            ["kind"] = "model",
        };
        if (query is not null)
            document["query_sha256"] = Digest.Of(Encoding.UTF8.GetBytes(query)).ToString();

        var key = PullRequest.KeyOf(reference);

        var expected = EntryKey.Of(document);
        Assert.Equal(expected, key);
        Assert.Equal(expected.Kind, key.Kind);
        Assert.Equal(expected.Request.ToArray(), key.Request.ToArray());
    }

    [Fact]
    public void KeyOf_Patterns_IsTheKeyOfTheirDocument()
    {
        var reference = ModelReference.Parse("https://host/model.onnx?sig=secret");
        var document = new JsonObject
        {
            ["version"] = 1,
            ["reference"] = reference.Text,
            ["kind"] = "model",
            ["query_sha256"] = reference.QueryDigest.ToString(),
            ["include"] = new JsonArray("*.onnx", "a\"\\*b"),
            ["exclude"] = new JsonArray("*.md"),
        };

        var key = PullRequest.KeyOf(
            reference,
            new PullOptions { Include = ["a\"\\*b", "*.onnx", "*.onnx"], Exclude = ["*.md"] }
        );

        Assert.Equal(EntryKey.Of(document).Request.ToArray(), key.Request.ToArray());
    }

    [Fact]
    public void KeyOf_SamePatternsInAnotherOrder_IsTheSame()
    {
        var reference = ModelReference.Parse("file:///models/a");

        Assert.Equal(
            PullRequest.KeyOf(reference, new PullOptions { Include = ["a", "b"] }),
            PullRequest.KeyOf(reference, new PullOptions { Include = ["b", "a", "b"] })
        );
        Assert.Equal(PullRequest.KeyOf(reference), PullRequest.KeyOf(reference, new PullOptions()));
        Assert.NotEqual(
            PullRequest.KeyOf(reference, new PullOptions { Include = ["a"] }),
            PullRequest.KeyOf(reference, new PullOptions { Exclude = ["a"] })
        );
    }

    [Fact]
    public void KeyOf_PatternThatMakesNoSense_Throws() =>
        Assert.Throws<GlobException>(() =>
            PullRequest.KeyOf(ModelReference.Parse("file:///models/a"), new PullOptions { Exclude = ["[a"] })
        );

    [Fact]
    public void TryRead_WhatWasWritten_IsTheSame()
    {
        var reference = ModelReference.Parse("https://host/model.onnx?sig=secret");
        var options = new PullOptions { Include = ["*.onnx"], Exclude = ["b", "c"] };

        var request = PullRequest.TryRead(PullRequest.KeyOf(reference, options).Request);

        Assert.NotNull(request);
        Assert.True(request.IsOf(reference));
        Assert.False(request.IsOf(ModelReference.Parse("https://host/model.onnx")));
        Assert.Equal((options.Include, options.Exclude), (request.Options.Include, request.Options.Exclude), Same);
    }

    private static bool Same(
        (IReadOnlyList<string> Include, IReadOnlyList<string> Exclude) left,
        (IReadOnlyList<string> Include, IReadOnlyList<string> Exclude) right
    ) => left.Include.SequenceEqual(right.Include) && left.Exclude.SequenceEqual(right.Exclude);
}
