using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Larder.Content;

namespace Larder.Recordings.Tests.Requests;

public sealed class ValueFormTests
{
    [Fact]
    public void Value_Scalars_AreWrittenAsDeclared()
    {
        Assert.Equal("true", Asked.Value(true));
        Assert.Equal("null", Asked.Value((string?)null));
        Assert.Equal("\"Friday\"", Asked.Value(DayOfWeek.Friday));
        Assert.Equal("\"Friday\"", Asked.Value((DayOfWeek?)DayOfWeek.Friday));
        Assert.Equal("\"99\"", Asked.Value((DayOfWeek)99));
        Assert.Equal("\"00:00:01\"", Asked.Value(TimeSpan.FromSeconds(1)));
        Assert.Equal("\"1.2\"", Asked.Value(new Version(1, 2)));
        Assert.Equal("\"abc\"", Asked.Value("abc".AsMemory()));
        Assert.Equal("\"abc\"", Asked.Value(new StringBuilder("abc")));
    }

    [Fact]
    public void Value_ScalarsInThePlaceOfAnything_CarryTheirType()
    {
        Assert.Equal("""{"$value":"Friday","type":"System.DayOfWeek"}""", Asked.Value<object>(DayOfWeek.Friday));
        Assert.Equal("""{"$value":"a","type":"System.Char"}""", Asked.Value<object>('a'));
        Assert.Equal(
            """[{"$value":"https://a/b","type":"System.Uri"},"https://a/b"]""",
            Asked.Value<object>(new object[] { new Uri("https://a/b"), "https://a/b" })
        );
    }

    [Theory]
    [InlineData(double.NaN, """{"$number":"NaN"}""")]
    [InlineData(double.PositiveInfinity, """{"$number":"Infinity"}""")]
    [InlineData(double.NegativeInfinity, """{"$number":"-Infinity"}""")]
    [InlineData(float.NaN, """{"$number":"NaN"}""")]
    [InlineData(9007199254740993L, """{"$number":"9007199254740993"}""")]
    [InlineData(1.0, "1")]
    [InlineData(0.1f, "0.10000000149011612")]
    public void Value_NumberInThePlaceOfAnything_IsUnlikeAnyText(object number, string expected) =>
        Assert.Equal(expected, Asked.Value(number));

    [Fact]
    public void Value_Numbers_AreExact()
    {
        Assert.Equal("0.1", Asked.Value(0.1f));
        Assert.Equal("0.1", Asked.Value((Half)0.1f));
        Assert.Equal("""{"$number":"Infinity"}""", Asked.Value(Half.PositiveInfinity));
        Assert.Equal("""{"$number":"0.1000000000000000000000000001"}""", Asked.Value(0.1000000000000000000000000001m));
        Assert.Equal("5", Asked.Value(new BigInteger(5)));
        Assert.Equal("5", Asked.Value((nint)5));
        Assert.Equal("""{"$number":"170141183460469231731687303715884105727"}""", Asked.Value(Int128.MaxValue));
    }

    [Fact]
    public void Value_Bytes_AreTheirDigest()
    {
        var digest = Digest.Of("abc"u8);
        var expected = $$"""{"$bytes":3,"sha256":"{{digest}}"}""";
        var bytes = "abc"u8.ToArray();

        Assert.Equal(expected, Asked.Value(bytes));
        Assert.Equal(expected, Asked.Value<object>(bytes));
        Assert.Equal(expected, Asked.Value<ReadOnlyMemory<byte>>(bytes));
        Assert.Equal(expected, Asked.Value<Memory<byte>>(bytes));
        Assert.Equal(expected, Asked.Value<List<byte>>([.. bytes]));
        Assert.Equal(expected, Asked.Value(new ArraySegment<byte>([0, .. bytes, 0], 1, 3)));
    }

    [Fact]
    public void Value_SignedBytes_AreNoBytes() => Assert.Equal("[-1]", Asked.Value(new sbyte[] { -1 }));

    [Fact]
    public void Value_ArraysOfNumbers_AreListsWhenShortAndDigestsWhenLong()
    {
        Assert.Equal("""[0.1,{"$number":"NaN"}]""", Asked.Value(new[] { 0.1f, float.NaN }));
        Assert.Equal("[0.1]", Asked.Value<IReadOnlyList<float>>([0.1f]));
        Assert.Equal("[0.10000000149011612]", Asked.Value<object>(new[] { 0.1f }));
        Assert.Equal("[true]", Asked.Value(new[] { true }));
        Assert.Equal("[1,2]", Asked.Value<ReadOnlyMemory<int>>(new[] { 1, 2 }));
        Assert.Equal("[1,2]", Asked.Value(ImmutableArray.Create(1L, 2L)));

        var floats = Enumerable.Range(0, 65).Select(i => (float)i).ToArray();
        var expected =
            $$"""{"$tensor":"float32","sha256":"{{Digest.Of(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(floats))}}","shape":[65]}""";
        Assert.StartsWith("[0,1,", Asked.Value(floats[..64]), StringComparison.Ordinal);
        Assert.Equal(expected, Asked.Value(floats));
        Assert.Equal(expected, Asked.Value<object>(floats.ToList()));
        Assert.Equal($"[{expected}]", Asked.Value<float[][]>([floats]));
    }

    [Fact]
    public void Value_ArrayOfSeveralDimensions_KeepsItsShape()
    {
        var wide = Asked.Value(
            new[,]
            {
                { 1, 2, 3, 4 },
            }
        );
        var square = Asked.Value(
            new[,]
            {
                { 1, 2 },
                { 3, 4 },
            }
        );

        Assert.StartsWith("""{"$tensor":"int32","sha256":""", wide, StringComparison.Ordinal);
        Assert.EndsWith(""","shape":[1,4]}""", wide, StringComparison.Ordinal);
        Assert.EndsWith(""","shape":[2,2]}""", square, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_Tensor_IsItsTypeShapeAndContent() =>
        Assert.Equal(
            $$"""{"$tensor":"float16","sha256":"{{Digest.Of([1, 2])}}","shape":[1,1]}""",
            Asked.Value(new FakeTensor("float16", [1, 1], [1, 2]))
        );

    [Fact]
    public void Value_Collections_AreUnlikeEachOther()
    {
        Assert.Equal("""["a","b"]""", Asked.Value<ISet<string>>(new HashSet<string> { "b", "a" }));
        Assert.Equal("""{"$set":["a","b"]}""", Asked.Value<object>(new HashSet<string> { "b", "a" }));
        Assert.Equal("""{"$set":["a"]}""", Asked.Value<IEnumerable<string>>(new HashSet<string> { "a" }));
        Assert.Equal("[2,1]", Asked.Value(new Stack<int>([1, 2])));
        Assert.Equal("[1,2]", Asked.Value(new Queue<int>([1, 2])));
        Assert.Equal(
            """{"$dictionary":[[1,"a"],[2,"b"]]}""",
            Asked.Value(new Dictionary<int, string> { [2] = "b", [1] = "a" })
        );
        Assert.Equal(
            """{"$dictionary":[["Friday",1]]}""",
            Asked.Value<IReadOnlyDictionary<DayOfWeek, int>>(new Dictionary<DayOfWeek, int> { [DayOfWeek.Friday] = 1 })
        );
        Assert.Equal("""[{"$pair":["a",1]}]""", Asked.Value<List<KeyValuePair<string, int>>>([new("a", 1)]));
    }

    [Fact]
    public void Value_NamesThatLookLikeForms_AreNone()
    {
        var bytes = Asked.Value<object>("abc"u8.ToArray());
        var parsed = JsonNode.Parse(bytes)!;

        Assert.Equal(bytes.Replace("$bytes", "$$bytes", StringComparison.Ordinal), Asked.Value<object>(parsed));
        Assert.Equal(Asked.Value<object>(parsed), Asked.Value<object>(parsed.Deserialize<JsonElement>()));
        Assert.Equal(
            """{"$$$x":1,"$$type":"a"}""",
            Asked.Value<object>(new Dictionary<string, object> { ["$type"] = "a", ["$$x"] = 1 })
        );
    }

    [Fact]
    public void Value_ArgumentNamedLikeAForm_IsNone() =>
        Assert.Contains(
            """{"arguments":{"$$bytes":1}""",
            Asked.Request(Asked.Forms().Of(new RecordedCall(new Deployment("a"), "b").With("$bytes", 1))),
            StringComparison.Ordinal
        );

    [Fact]
    public void Value_Json_IsExact()
    {
        const string Json = """{"b":[1.0,0.1,0.10000000000000000001,1e400,9007199254740993,null],"a":"é\n"}""";
        const string Expected =
            """{"a":"é\n","b":[1,0.1,{"$number":"0.10000000000000000001"},{"$number":"1e400"},{"$number":"9007199254740993"},null]}""";
        using var document = JsonDocument.Parse(Json);

        Assert.Equal(Expected, Asked.Value(JsonNode.Parse(Json)));
        Assert.Equal(Expected, Asked.Value(document.RootElement));
        Assert.Equal(Expected, Asked.Value(document));
    }

    [Fact]
    public void Value_AnonymousObject_IsItsMembers() =>
        Assert.Equal(
            """{"max_steps":1,"mode":"Friday"}""",
            Asked.Value<object>(new { MaxSteps = 1, Mode = DayOfWeek.Friday })
        );

    [Fact]
    public void Value_SubclassOfItsDeclaration_CarriesItsType()
    {
        Assert.NotEqual(Asked.Value<Shape>(new Circle(1)), Asked.Value<Shape>(new Square(1)));
        Assert.Equal("""{"$type":"circle","size":1}""", Asked.Value<Shape>(new Circle(1)));
    }

    [Fact]
    public void Value_TypeWithAForm_IsWrittenAsIt()
    {
        var options = Asked.Options();
        options.Forms.Add<Opaque, byte[]>(opaque => opaque.Bytes(), bytes => new Opaque(bytes));
        options.Forms.Add<Shape, Shape>(shape => shape with { Size = 0 }, shape => shape);
        var forms = Asked.Forms(options);

        Assert.Equal(
            $$$"""{"$form":"{{{typeof(Opaque)}}}","value":{"$bytes":1,"sha256":"{{{Digest.Of([7])}}}"}}""",
            Asked.Value(new Opaque([7]), forms)
        );
        Assert.Equal(
            $$$"""[{"$form":"{{{typeof(Shape)}}}","value":{"$type":"circle","size":0}}]""",
            Asked.Value<object>(new[] { new Circle(7) }, forms)
        );
        Assert.Contains("RecordingsOptions.Forms", Asked.Refusal(new Opaque([7])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Value_WithoutContentToTellItBy_IsRefusedWithItsPath(object value, string reason)
    {
        var refusal = Asked.Refusal<object>(new Dictionary<string, object> { ["options"] = new[] { value } });

        Assert.StartsWith("$.arguments.x.options[0]", refusal.Place, StringComparison.Ordinal);
        Assert.Contains("Service.Do", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<object, string> Refused() =>
        new()
        {
            { (Action)GC.Collect, "is code" },
            { typeof(string), "Give its name" },
            { Task.FromResult(1), "Await it" },
            { default(ValueTask<int>), "Await it" },
            { Enumerable.Range(0, 3).Select(i => i), "Give a list" },
            { Yielded(), "Give a list" },
            { Streamed(), "Give a list" },
            { new object(), "NotRecorded" },
            { new Opaque([1]), "_bytes" },
            { new Opaque[1, 1], "array of arrays" },
            { new OnceStream([1]), "only once" },
            { new ClosedStream(), "cannot be read" },
            { default(ImmutableArray<int>), "never made" },
            { "\ud800", "surrogate" },
            { new CancellationTokenSource(), "NotRecorded" },
            { new DollarNamed(), "$type" },
        };

    [Fact]
    public void Value_ThatContainsItself_IsRefused()
    {
        List<object> list = [];
        list.Add(list);

        Assert.Contains("contains itself", Asked.Refusal(list).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Yielded()
    {
        yield return 1;
    }

    private static async IAsyncEnumerable<int> Streamed()
    {
        await Task.Yield();
        yield return 1;
    }

    [JsonDerivedType(typeof(Circle), "circle")]
    private abstract record Shape(int Size);

    private sealed record Circle(int Size) : Shape(Size);

    private sealed record Square(int Size) : Shape(Size);

    private sealed class Opaque(byte[] bytes)
    {
        private readonly byte[] _bytes = bytes;

        public byte[] Bytes() => _bytes;
    }

    private sealed class ClosedStream : MemoryStream
    {
        public override bool CanRead => false;
    }

    private sealed class DollarNamed
    {
        [JsonPropertyName("$type")]
        public string Type { get; set; } = "";
    }
}
