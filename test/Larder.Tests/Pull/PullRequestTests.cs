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
}
