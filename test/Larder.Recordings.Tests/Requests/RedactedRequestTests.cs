using System.Text.Json.Nodes;
using Larder.Recordings.Requests;

namespace Larder.Recordings.Tests.Requests;

public sealed class RedactedRequestTests
{
    private const string Hidden = "\"[redacted]\"";

    [Fact]
    public void Value_ArgumentWithTheNameOfASecret_IsRedactedWhateverItIs()
    {
        Assert.Equal(Hidden, Asked.Value("apiKey", "x"));
        Assert.Equal(Hidden, Asked.Value("apiKey", (string?)null));
        Assert.Equal(Hidden, Asked.Value("credentials", new { User = "u", Region = "r" }));
        Assert.Equal(Hidden, Asked.Value("cookie", new[] { "a=b" }));
        Assert.Equal(Hidden, Asked.Value("password", "x"u8.ToArray()));
        Assert.Equal(Hidden, Asked.Value("password", JsonNode.Parse("\"x\"")));
        Assert.Equal(Hidden, Asked.Value("password", (object?)null, forms: null));
    }

    [Fact]
    public void Value_NumberOrFlagWithTheNameOfASecret_IsKept()
    {
        Assert.Equal("12", Asked.Value("password", 12));
        Assert.Equal("true", Asked.Value("secret", true));
        Assert.Equal("null", Asked.Value("password", (int?)null));
        Assert.Equal("12", Asked.Value("password", JsonNode.Parse("12")));
        Assert.Equal("1", Asked.Value("input_token_count", 1));
    }

    [Fact]
    public void Value_MemberWithTheNameOfASecret_IsRedacted()
    {
        Assert.Equal(
            """{"api_key":"[redacted]","max_tokens":5,"token":"hello"}""",
            Asked.Value<object>(
                new
                {
                    ApiKey = (string?)null,
                    MaxTokens = 5,
                    Token = "hello",
                }
            )
        );
        Assert.Equal(
            """{"Authorization":"[redacted]","X-Trace":["a"]}""",
            Asked.Value(new Dictionary<string, string[]> { ["X-Trace"] = ["a"], ["Authorization"] = ["Bearer x"] })
        );
        Assert.Equal(
            """{"a":[{"password":"[redacted]"},{"password":"[redacted]"}]}""",
            Asked.Value(JsonNode.Parse("""{"a":[{"password":"b"},{"password":null}]}"""))
        );
    }

    [Fact]
    public void Value_PairWithTheNameOfASecret_IsRedacted() =>
        Assert.Equal(
            """[{"$pair":["api_key","[redacted]"]},{"$pair":["a","b"]}]""",
            Asked.Value<List<KeyValuePair<string, string>>>([new("api_key", "x"), new("a", "b")])
        );

    [Fact]
    public void Value_SecretInANameOrAUri_IsRedacted()
    {
        Assert.Equal("""{"[redacted]":1}""", Asked.Value(new Dictionary<string, int> { ["hf_abcdefghijklmnop0"] = 1 }));
        Assert.Equal("\"https://[redacted]@host/\"", Asked.Value(new Uri("https://u:p@host/")));
    }

    [Fact]
    public void Value_TwoNamesThatAreOneWithoutTheirSecrets_AreRefused()
    {
        var refusal = Asked.Refusal(
            new Dictionary<string, int> { ["hf_abcdefghijklmnop0"] = 1, ["hf_abcdefghijklmnop1"] = 2 }
        );

        Assert.DoesNotContain("hf_", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ConfigurationWithAnotherSecret_IsTheSame()
    {
        static RecordingRequest With(string? key) =>
            Asked.Forms().Of(new RecordedCall(new Deployment("a") { Configuration = new Settings("gpt", key) }, "b"));

        Assert.Equal(With("first").Key, With("second").Key);
        Assert.Equal(With("first").Key, With(null).Key);
    }

    private sealed record Settings(string Model, string? ApiKey);
}
