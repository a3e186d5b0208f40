using System.Text;
using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Tests.Content;

public sealed class EntryKeyTests
{
    private const string CanonicalRequest = """{"kind":"model","reference":"s3://models/größe/","version":1}""";

    [Fact]
    public void Of_RequestOfFormat1_GivesThePinnedDigest() =>
        Assert.Equal(
            "model:edf24322556c81079cf6c7e170fa87b2d3c6678e273d81bd301002b2ef59a178",
            EntryKey.Of(Request()).ToString()
        );

    [Fact]
    public void Of_AnyRequest_HashesItsCanonicalForm()
    {
        EntryKey key = EntryKey.Of(Request());

        Assert.Equal("model", key.Kind);
        Assert.Equal(CanonicalRequest, Encoding.UTF8.GetString(key.Request.Span));
        Assert.Equal(Digest.Of(key.Request.Span), key.Digest);
    }

    [Fact]
    public void Of_RequestChangedAfterwards_KeepsWhatItWas()
    {
        JsonObject request = Request();
        EntryKey key = EntryKey.Of(request);
        request["reference"] = "other";

        Assert.Equal(EntryKey.Of(Request()), key);
        Assert.NotEqual(EntryKey.Of(request), key);
    }

    [Fact]
    public void Answers_SameRequest_IsTrue() =>
        Assert.True(EntryKey.Of(Request()).Answers(Encoding.UTF8.GetBytes(CanonicalRequest)));

    [Fact]
    public void Answers_OtherRequest_IsFalse()
    {
        EntryKey key = EntryKey.Of(Request());

        Assert.False(key.Answers(Encoding.UTF8.GetBytes(CanonicalRequest.Replace('ß', 'S'))));
        Assert.False(key.Answers(key.Request.Span[..^1]));
        Assert.False(key.Answers([]));
    }

    [Theory]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":1,"kind":null}""")]
    [InlineData("""{"version":1,"kind":3}""")]
    [InlineData("""{"version":1,"kind":""}""")]
    [InlineData("""{"version":1,"kind":"Model"}""")]
    [InlineData("""{"version":1,"kind":"1model"}""")]
    [InlineData("""{"version":1,"kind":"-model"}""")]
    [InlineData("""{"version":1,"kind":"mod/el"}""")]
    [InlineData("""{"version":1,"kind":"modèl"}""")]
    [InlineData("""{"version":1,"kind":"m23456789012345678901234567890123"}""")]
    public void Of_KindThatIsNoDirectoryName_Throws(string request) => AssertRefused("$.kind", request);

    [Theory]
    [InlineData("a")]
    [InlineData("onnx-pass-2")]
    [InlineData("m2345678901234567890123456789012")]
    public void Of_KindWithinTheRules_IsAccepted(string kind) =>
        Assert.Equal(kind, EntryKey.Of(new JsonObject { ["kind"] = kind, ["version"] = 1 }).Kind);

    [Theory]
    [InlineData("""{"kind":"model"}""")]
    [InlineData("""{"kind":"model","version":null}""")]
    [InlineData("""{"kind":"model","version":"1"}""")]
    [InlineData("""{"kind":"model","version":1.5}""")]
    [InlineData("""{"kind":"model","version":1e30}""")]
    [InlineData("""{"kind":"model","version":[1]}""")]
    public void Of_VersionThatIsNoInteger_Throws(string request) => AssertRefused("$.version", request);

    [Theory]
    [InlineData("9007199254740993")]
    [InlineData("-9007199254740993")]
    [InlineData("9007199254740993.0")]
    [InlineData("90071992547409930e-1")]
    [InlineData("18446744073709551615")]
    [InlineData("99999999999999991611392")]
    [InlineData("1000000000000000000000000000000000000000001")]
    public void Of_IntegerWhoseDigitsADoubleWouldChange_SaysWhereAndWhatToDo(string number)
    {
        string request = $$"""{"kind":"model","version":1,"passes":[{"seed":{{number}}}]}""";

        InvalidDocumentException failure = AssertRefused("$.passes[0].seed", request);
        Assert.Contains(number, failure.Message, StringComparison.Ordinal);
        Assert.Contains("write it as a string", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ClrIntegerWhoseDigitsADoubleWouldChange_Throws() =>
        Assert.Throws<InvalidDocumentException>(() =>
            EntryKey.Of(
                new JsonObject
                {
                    ["kind"] = "model",
                    ["version"] = 1,
                    ["seed"] = long.MaxValue,
                }
            )
        );

    [Theory]
    [InlineData("9007199254740991")]
    [InlineData("-9007199254740992")]
    [InlineData("9007199254740994")]
    [InlineData("1e23")]
    [InlineData("1e+308")]
    [InlineData("-0")]
    [InlineData("0.30000000000000000001")]
    [InlineData("1e-400")]
    public void Of_NumberThatKeepsItsDigitsOrIsNoInteger_IsAccepted(string number) =>
        EntryKey.Of(JsonNode.Parse($$"""{"kind":"model","version":1,"x":{{number}}}""")!.AsObject());

    [Fact]
    public void Of_DifferentIntegers_GivesDifferentKeys() =>
        Property.Holds(
            (long left, long right) => left == right || TryKeyOf(left) is not { } key || key != TryKeyOf(right)
        );

    private static Digest? TryKeyOf(long seed)
    {
        try
        {
            return EntryKey
                .Of(
                    new JsonObject
                    {
                        ["kind"] = "model",
                        ["version"] = 1,
                        ["seed"] = seed,
                    }
                )
                .Digest;
        }
        catch (InvalidDocumentException)
        {
            return null;
        }
    }

    private static JsonObject Request() =>
        new()
        {
            ["version"] = 1,
            ["kind"] = "model",
            ["reference"] = "s3://models/größe/",
        };

    private static InvalidDocumentException AssertRefused(string path, string request)
    {
        var failure = Assert.Throws<InvalidDocumentException>(() => EntryKey.Of(JsonNode.Parse(request)!.AsObject()));
        Assert.Equal(path, failure.Path);
        return failure;
    }
}
