using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Tests.Content;

public sealed class CanonicalJsonTests
{
    [Fact]
    public void Canonicalize_SampleOfTheRfc_GivesTheTextOfSection323() =>
        Assert.Equal(
            """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""",
            Canonicalize(Rfc8785.Sample)
        );

    [Fact]
    public void Canonicalize_SampleOfTheRfc_GivesTheBytesOfSection324() =>
        Assert.Equal(
            "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e33333333333333"
                + "2c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f"
                + "227d",
            Convert.ToHexStringLower(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(Rfc8785.Sample)))
        );

    [Fact]
    public void Canonicalize_NamesOfSection323_SortsByUtf16CodeUnits()
    {
        string canonical = Canonicalize(
            """
            {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
             "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
            """
        );

        Assert.Equal(
            [
                "Carriage Return",
                "One",
                "Control",
                "Latin Small Letter O With Diaeresis",
                "Euro Sign",
                "Emoji: Grinning Face",
                "Hebrew Letter Dalet With Dagesh",
            ],
            JsonNode.Parse(canonical)!.AsObject().Select(member => (string)member.Value!),
            StringComparer.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(Rfc8785.Numbers), MemberType = typeof(Rfc8785))]
    public void Serialize_NumberOfAppendixB_GivesItsText(string bits, string text) =>
        Assert.Equal(text, Text(CanonicalJson.Serialize(JsonValue.Create(Rfc8785.Double(bits)))));

    [Theory]
    [InlineData("7fffffffffffffff")]
    [InlineData("7ff0000000000000")]
    [InlineData("fff0000000000000")]
    public void Serialize_NaNOrInfinityOfAppendixB_Throws(string bits) =>
        AssertRefused("$", () => CanonicalJson.Serialize(JsonValue.Create(Rfc8785.Double(bits))));

    [Theory]
    [MemberData(nameof(Rfc8785.Files), MemberType = typeof(Rfc8785))]
    public void Canonicalize_TestFileOfTheRfcsAuthors_GivesItsOutput(string input, string output) =>
        Assert.Equal(output, Canonicalize(input));

    [Fact]
    public void Serialize_ClrNumbers_WritesThemAsTheirJsonWouldRead()
    {
        var numbers = new JsonArray(
            (byte)1,
            (sbyte)-1,
            (short)-2,
            (ushort)2,
            3,
            3u,
            4L,
            4ul,
            0.1f,
            0.1,
            1.10m,
            -0.0,
            1e21,
            JsonValue.Create((Half)0.5)
        );

        Assert.Equal("[1,-1,-2,2,3,3,4,4,0.1,0.1,1.1,0,1e+21,0.5]", Text(CanonicalJson.Serialize(numbers)));
    }

    [Fact]
    public void Serialize_OtherClrValues_WritesThemAsTheirJsonWouldRead()
    {
        var values = new JsonArray('x', Guid.Empty, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), true);

        Assert.Equal(
            """["x","00000000-0000-0000-0000-000000000000","2026-01-02T03:04:05Z",true]""",
            Text(CanonicalJson.Serialize(values))
        );
    }

    [Fact]
    public void Serialize_SameDocumentAsBytesElementAndNode_GivesTheSameBytes()
    {
        const string Json = """{"b":[1.0,"x",null],"a":{"z":true,"y":false}}""";
        using var document = JsonDocument.Parse(Json);
        string expected = Canonicalize(Json);

        Assert.Equal(expected, Text(CanonicalJson.Serialize(document.RootElement)));
        Assert.Equal(expected, Text(CanonicalJson.Serialize(JsonNode.Parse(Json))));
    }

    [Fact]
    public void Serialize_NullNode_WritesNull() => Assert.Equal("null", Text(CanonicalJson.Serialize((JsonNode?)null)));

    [Fact]
    public void Serialize_ElementWithoutValue_Throws() =>
        AssertRefused("$", () => CanonicalJson.Serialize(default(JsonElement)));

    [Fact]
    public void Serialize_UnderAnotherCulture_WritesTheSame()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var numbers = new NumberFormatInfo { NegativeSign = "minus", NumberDecimalSeparator = "," };
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = numbers };
        try
        {
            Assert.Equal("[-1.5,-1e-7]", Canonicalize("[-1.5,-1e-7]"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("0.1000000000000000055511151231257827", "0.1")]
    [InlineData("1e-400", "0")]
    [InlineData("0e99999999999999999999", "0")]
    public void Canonicalize_NumberBetweenDoubles_RoundsAsTheRfcSays(string number, string rounded) =>
        Assert.Equal(rounded, Canonicalize(number));

    [Theory]
    [InlineData("""{"x":{"a":1,"a":1}}""", "$.x")]
    [InlineData("""{"x":{"a":1,"\u0061":2}}""", "$.x")]
    [InlineData("""{"x":{"\ud800":1}}""", "$.x")]
    [InlineData("""{"x":["\ud800"]}""", "$.x[0]")]
    [InlineData("""{"x":["\udc00\ud800"]}""", "$.x[0]")]
    [InlineData("""{"x":1e400}""", "$.x")]
    [InlineData("""{"x":-1e99999999999999999999}""", "$.x")]
    [InlineData("""{"x":1,}""", "$")]
    [InlineData("""{"x":1}{}""", "$")]
    [InlineData("""{"x":NaN}""", "$")]
    [InlineData("/**/1", "$")]
    [InlineData("", "$")]
    public void Canonicalize_NoCanonicalForm_SaysWhere(string json, string path) =>
        AssertRefused(path, () => Canonicalize(json));

    [Fact]
    public void Canonicalize_BytesThatAreNotUtf8_Throws() =>
        AssertRefused("$[0]", () => CanonicalJson.Canonicalize([(byte)'[', (byte)'"', 0xC3, (byte)'"', (byte)']']));

    [Fact]
    public void Serialize_ClrTextWithLoneSurrogate_Throws()
    {
        AssertRefused("$[0]", () => CanonicalJson.Serialize(new JsonArray("a\ud83d")));
        AssertRefused("$[0]", () => CanonicalJson.Serialize(new JsonArray('\ud83d')));
        AssertRefused("$", () => CanonicalJson.Serialize(new JsonObject { ["\ude00b"] = 1 }));
    }

    [Fact]
    public void Canonicalize_SixtyFourDeep_IsAccepted() => Assert.Equal(Nested(64), Canonicalize(Nested(64)));

    [Fact]
    public void Canonicalize_SixtyFiveDeep_Throws() => AssertRefused("$", () => Canonicalize(Nested(65)));

    [Fact]
    public void Serialize_TreeSixtyFiveDeep_SaysTheLimit()
    {
        var node = new JsonArray();
        for (int depth = 1; depth < 65; depth++)
            node = new JsonArray(node);

        var failure = Assert.Throws<InvalidDocumentException>(() => CanonicalJson.Serialize(node));
        Assert.Contains("64", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Canonicalize_CanonicalDocument_ChangesNothing() =>
        Property.Holds(
            RandomJson.Nodes,
            node =>
            {
                byte[] once = CanonicalJson.Serialize(node);
                return CanonicalJson.Canonicalize(once).AsSpan().SequenceEqual(once);
            }
        );

    [Fact]
    public void Canonicalize_AnyDocument_KeepsItsMeaning() =>
        Property.Holds(
            RandomJson.Nodes,
            node => JsonNode.DeepEquals(node, JsonNode.Parse(CanonicalJson.Serialize(node)))
        );

    [Fact]
    public void Serialize_NamesInAnyOrder_GivesTheSameBytes() =>
        Property.Holds(
            RandomJson.Objects,
            members =>
            {
                var reversed = new JsonObject(
                    members.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))
                );
                return CanonicalJson.Serialize(members).AsSpan().SequenceEqual(CanonicalJson.Serialize(reversed));
            }
        );

    [Fact]
    public void Serialize_RandomDouble_ReadsBackAsTheSameDouble() =>
        Property.Holds(
            (ulong bits) =>
            {
                double number = BitConverter.UInt64BitsToDouble(bits);
                return !double.IsFinite(number) || RoundTrip(number).Equals(number);
            }
        );

    // Below a power of two doubles lie closer together than above it: there a shortest form is easiest to get wrong.
    [Fact]
    public void Serialize_AnyPowerOfTwo_ReadsBackAsTheSameDouble() =>
        Assert.All(
            Enumerable.Range(-1074, 2098).Select(exponent => Math.ScaleB(1, exponent)),
            power => Assert.Equal(power, RoundTrip(power))
        );

    [Theory]
    [InlineData("3e60000000000000", "2.9802322387695312e-8")]
    [InlineData("0410000000000000", "4.1045368012983762e-289")]
    [InlineData("3d30000000000000", "5.684341886080802e-14")]
    public void Serialize_PowerOfTwoThatFormattersGetWrong_GivesTheTextOfEcmaScript(string bits, string text)
    {
        Assert.Equal(text, Text(CanonicalJson.Serialize(JsonValue.Create(Rfc8785.Double(bits)))));
        Assert.Equal(text, Canonicalize(text));
    }

    private static double RoundTrip(double number) =>
        double.Parse(CanonicalJson.Serialize(JsonValue.Create(number)), CultureInfo.InvariantCulture);

    private static string Canonicalize(string json) => Text(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json)));

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static void AssertRefused(string path, Func<object> action) =>
        Assert.Equal(path, Assert.Throws<InvalidDocumentException>(action).Path);
}
