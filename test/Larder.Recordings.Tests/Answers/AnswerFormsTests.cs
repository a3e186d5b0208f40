using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Larder.Recordings.Tests.Answers;

public sealed class AnswerFormsTests
{
    private readonly Forms _forms = new();

    [Fact]
    public void Write_Int_ComesBackAsInt() => Assert.Equal(42, _forms.Back(42));

    [Fact]
    public void Write_TextWithTheWordException_ComesBackAsText() =>
        Assert.Equal("an exception was raised", _forms.Back("an exception was raised"));

    [Fact]
    public void Write_DictionaryWithTheKeyException_ComesBackAsDictionary()
    {
        var back = _forms.Back(new Dictionary<string, string> { ["exception"] = "none" });

        Assert.Equal("none", Assert.Single(back).Value);
        Assert.True(back.ContainsKey("exception"));
    }

    [Fact]
    public void Write_Null_ComesBackAsNull()
    {
        Assert.Null(_forms.Back<string?>(null));
        Assert.Null(_forms.Back<int?>(null));
        Assert.Null(_forms.Back<Box?>(null));
        Assert.Null(_forms.Back<object?>(null));
        Assert.Null(_forms.Back<byte[]?>(null));
    }

    [Fact]
    public void Write_EmptyTextAndCollections_ComeBackEmptyAndNotNull()
    {
        Assert.Equal("", _forms.Back(""));
        Assert.Empty(_forms.Back(new List<string>()));
        Assert.Empty(_forms.Back(Array.Empty<float>()));
        Assert.Empty(_forms.Back(new Dictionary<int, string>()));
        Assert.Empty(_forms.Back(Array.Empty<byte>()));
    }

    public static TheoryData<double> Doubles =>
        [
            0.1,
            -0.0,
            double.NaN,
            double.PositiveInfinity,
            double.NegativeInfinity,
            double.Epsilon,
            double.MaxValue,
            1e300,
        ];

    [Theory]
    [MemberData(nameof(Doubles))]
    public void Write_Double_ComesBackToTheLastBit(double value)
    {
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(_forms.Back(value)));
        Assert.Equal(
            BitConverter.SingleToInt32Bits((float)value),
            BitConverter.SingleToInt32Bits(_forms.Back((float)value))
        );
        Assert.Equal((Half)value, _forms.Back((Half)value));
    }

    [Fact]
    public void Write_Decimal_KeepsItsScale() =>
        Assert.Equal("1.10", _forms.Back(1.10m).ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Write_NumbersThatNoDoubleHolds_ComeBack()
    {
        Assert.Equal(long.MaxValue, _forms.Back(long.MaxValue));
        Assert.Equal(ulong.MaxValue, _forms.Back(ulong.MaxValue));
        Assert.Equal(Int128.MinValue, _forms.Back(Int128.MinValue));
        Assert.Equal(BigInteger.Pow(10, 60) + 1, _forms.Back(BigInteger.Pow(10, 60) + 1));
    }

    [Fact]
    public void Write_DatesAndNames_ComeBack()
    {
        var time = new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.FromHours(-3.5)).AddTicks(1);

        Assert.Equal(time, _forms.Back(time));
        Assert.Equal(time.Offset, _forms.Back(time).Offset);
        Assert.Equal(DateTimeKind.Utc, _forms.Back(time.UtcDateTime).Kind);
        Assert.Equal(new DateOnly(2026, 1, 2), _forms.Back(new DateOnly(2026, 1, 2)));
        Assert.Equal(TimeSpan.FromTicks(-7), _forms.Back(TimeSpan.FromTicks(-7)));
        Assert.Equal(new Uri("https://a.example/b?c=d"), _forms.Back(new Uri("https://a.example/b?c=d")));
        Assert.Equal(new Version(1, 2, 3), _forms.Back(new Version(1, 2, 3)));
    }

    [Fact]
    public void Write_LocalTime_IsRefusedSinceItIsAnotherInAnotherZone()
    {
        var local = new DateTime(2026, 7, 1, 12, 0, 0, DateTimeKind.Local);

        var refused = _forms.Refused(new Dictionary<string, DateTime> { ["at"] = local });

        Assert.Contains("at $.at it is a DateTime of the local time zone", refused.Message, StringComparison.Ordinal);
        Assert.Equal(DateTimeKind.Unspecified, _forms.Back(DateTime.SpecifyKind(local, default)).Kind);
    }

    public static TheoryData<object> Comparing =>
        [
            new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 },
            new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" },
            new SortedDictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 },
            new SortedDictionary<string, int>(StringComparer.Ordinal) { ["B"] = 1, ["a"] = 2 },
            new ConcurrentDictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 },
            ImmutableDictionary.Create<string, int>(StringComparer.OrdinalIgnoreCase).Add("a", 1),
            new List<Dictionary<string, int>>
            {
                new(),
                new(StringComparer.InvariantCulture) { ["a"] = 1 },
            },
        ];

    [Theory]
    [MemberData(nameof(Comparing))]
    public void Write_CollectionWithAComparer_IsRefusedSinceItWouldCompareInAnotherWay(object answer)
    {
        var refused = Assert.IsType<NotRecordableException>(
            Record.Exception(() =>
                typeof(Forms)
                    .GetMethod(nameof(Forms.Write))!
                    .MakeGenericMethod(answer.GetType())
                    .Invoke(_forms, System.Reflection.BindingFlags.DoNotWrapExceptions, null, [answer], null)
            )
        );

        Assert.Contains("would come back with another comparer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_CollectionThatComparesAsItsClassDoes_ComesBack()
    {
        var usual = new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 1 };

        Assert.Equal(1, _forms.Back(usual)["a"]);
        Assert.Equal(1, _forms.Back(new Headers { ["a"] = 1 })["A"]);
        Assert.Equal(1, _forms.Back(new HasHeaders { ByName = { ["a"] = 1 } }).ByName["A"]);
        Assert.Equal(
            ["B", "a"],
            _forms
                .Back<IReadOnlyDictionary<string, int>>(
                    new SortedDictionary<string, int>(StringComparer.Ordinal) { ["a"] = 1, ["B"] = 2 }
                )
                .Keys
        );
        Assert.Equal(
            ["a"],
            _forms.Back<IEnumerable<string>>(new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" })
        );
        Assert.IsType<NotRecordableException>(
            Record.Exception(() =>
                _forms.Back<IReadOnlyDictionary<string, int>>(
                    new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }
                )
            )
        );
    }

    [Fact]
    public void Write_TuplesAndRecords_ComeBack()
    {
        var answer = (Name: "a", new Point(1, 2), new Nested("x", [new Point(3, 4)], new() { ["k"] = null }));

        var back = _forms.Back(answer);

        Assert.Equal("a", back.Name);
        Assert.Equal(new Point(1, 2), back.Item2);
        Assert.Equal([new Point(3, 4)], back.Item3.Points);
        Assert.Equal([new("k", null)], back.Item3.Others);
        Assert.Equal(Tuple.Create(1, "b"), _forms.Back(Tuple.Create(1, "b")));
    }

    [Fact]
    public void Write_CollectionsByInterface_ComeBack()
    {
        Assert.Equal(["a", "b"], _forms.Back<IReadOnlyList<string>>(["a", "b"]));
        Assert.Equal([1, 2], _forms.Back<IEnumerable<int>>(Enumerable.Range(1, 2)));
        Assert.Equal(1, _forms.Back(new Dictionary<char, int> { ['a'] = 1 })['a']);
        Assert.Equal(
            "b",
            _forms.Back(new Dictionary<DayOfWeek, string> { [DayOfWeek.Friday] = "b" })[DayOfWeek.Friday]
        );
        Assert.Equal([1, 2], _forms.Back<ISet<int>>(new HashSet<int> { 1, 2 }));
        Assert.Equal(["x"], _forms.Back(ImmutableArray.Create("x")));
        Assert.Equal(1, _forms.Back<IReadOnlyDictionary<string, int>>(new Dictionary<string, int> { ["a"] = 1 })["a"]);
    }

    [Fact]
    public void Write_JsonValues_ComeBack()
    {
        Assert.Equal("""{"a":[1.50,null]}""", _forms.Back(JsonElement.Parse("""{"a":[1.50,null]}""")).GetRawText());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"b":1}"""), _forms.Back(JsonNode.Parse("""{"b":1}"""))));
    }

    [Fact]
    public void Write_PropertiesWithoutSetters_ComeBackWhereTheConstructorOrTheCollectionTakesThem()
    {
        var answer = new Filled(7);
        answer.Scores.AddRange([0.5f, 0.25f]);
        answer.Names.Add("n");
        answer.ByName["k"] = 1;

        var back = _forms.Back(answer);

        Assert.Equal(7, back.Id);
        Assert.Equal(14, back.Twice);
        Assert.Equal([0.5f, 0.25f], back.Scores);
        Assert.Equal(["n"], back.Names);
        Assert.Equal(1, back.ByName["k"]);
    }

    [Fact]
    public void Write_PropertyThatNothingSets_IsRefusedWithItsPath()
    {
        var failure = _forms.Refused(new List<Box> { new() { Lost = new Lossy(5) } });

        Assert.Equal("$[0].Lost.Value", failure.Place);
        Assert.Contains("$[0].Lost.Value", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Forms", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_StackOfSeveral_IsRefusedSinceItWouldComeBackReversed() =>
        Assert.Equal("$[0]", _forms.Refused(new Stack<string>(["a", "b"])).Place);

    [Fact]
    public void Write_HalfOfASurrogatePair_IsRefusedWithItsPath()
    {
        Assert.Equal("$.Text", _forms.Refused(new Box { Text = "a\uD800b" }).Place);
        Assert.Equal("$", _forms.Refused(new Dictionary<string, int> { ["\uDC00"] = 1 }).Place[..1]);
        Assert.Equal('\uD800', _forms.Back('\uD800'));
    }

    [Fact]
    public void Write_DerivedTypeWhereItsBaseIsDeclared_IsRefusedByName()
    {
        var failure = _forms.Refused(
            new List<Animal>
            {
                new(),
                new Cat { Lives = 9 },
            }
        );

        Assert.Equal("$[1]", failure.Place);
        Assert.Contains(
            "Larder.Recordings.Tests.Answers.AnswerFormsTests.Cat",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("RecordingsOptions.Types", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Own", _forms.Refused<List<int>>(new Own()).Message, StringComparison.Ordinal);
        Assert.Contains("OtherOwn", _forms.Refused<List<string>>(new OtherOwn()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DerivedTypeThatIsNamed_ComesBackAsItself()
    {
        var forms = new Forms(options => options.Types.Add(typeof(Cat)));

        var back = forms.Back(
            new List<Animal>
            {
                new(),
                new Cat { Lives = 9 },
            }
        );

        Assert.Equal(typeof(Animal), back[0].GetType());
        Assert.Equal(9, Assert.IsType<Cat>(back[1]).Lives);
        Assert.Equal(9, Assert.IsType<Cat>(forms.Back<IAnimal>(new Cat { Lives = 9 })).Lives);
        Assert.Equal(9, Assert.IsType<Cat>(forms.Back<object>(new Cat { Lives = 9 })).Lives);
    }

    [Fact]
    public void Write_PolymorphicContractOfTheUser_IsKept()
    {
        var json = _forms.Write<Shape>(new Circle(2));

        Assert.Contains("\"kind\":\"circle\"", json, StringComparison.Ordinal);
        Assert.Equal(new Circle(2), _forms.Read<Shape>(json));
    }

    public static TheoryData<object> Objects =>
        [
            true,
            1,
            1L,
            (byte)1,
            1.0,
            1f,
            1m,
            "1",
            'c',
            BigInteger.One,
            new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Guid.Empty,
            TimeSpan.FromDays(1),
            new Version(1, 0),
            new[] { 1, 2 },
            new List<string> { "a" },
            new object?[] { 1, "a", null, 2.5 },
            new Dictionary<string, object?> { ["a"] = 1L, ["b"] = null },
            new byte[] { 1, 2 },
        ];

    [Theory]
    [MemberData(nameof(Objects))]
    public void Write_DeclaredAsObject_ComesBackAsItsOwnType(object value)
    {
        var back = _forms.Back(value);

        Assert.Equal(value.GetType(), back.GetType());
        Assert.Equal(value, back);
        Assert.Equal(value, _forms.Back(new Dictionary<string, object> { ["k"] = value })["k"]);
    }

    [Fact]
    public void Write_ObjectOfAnUnknownType_IsRefusedByNameAndPath()
    {
        var failure = _forms.Refused(new Dictionary<string, object> { ["k"] = new List<object> { new Animal() } });

        Assert.Equal("$.k.value[0]", failure.Place);
        Assert.Contains("AnswerFormsTests.Animal", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TypeThatTheProgramDidNotName_IsRefused() =>
        Assert.Throws<JsonException>(() =>
            _forms.Read<object>("""{"$type": "System.IO.FileStream", "value": {"path": "/etc/passwd"}}""")
        );

    [Fact]
    public void Read_AnotherTypesRecording_IsRefused()
    {
        Assert.Throws<JsonException>(() => _forms.Read<int>("\"text\""));
        Assert.Throws<JsonException>(() => _forms.Read<Point>("""{"X": 1, "Y": 2, "Z": 3}"""));
        Assert.Throws<JsonException>(() => _forms.Read<Point>("""{"X": 1, "X": 2, "Y": 3}"""));
        Assert.Throws<JsonException>(() => _forms.Read<Circle>("[]"));
        Assert.Throws<JsonException>(() => _forms.Read<string>("\"\\uD800\\u0041\""));
    }

    [Fact]
    public void Read_Twice_GivesTwoObjects()
    {
        var json = _forms.Write(new List<string> { "a" });

        Assert.NotSame(_forms.Read<List<string>>(json), _forms.Read<List<string>>(json));
    }

    [Fact]
    public void Write_UsersOptions_AreKept()
    {
        var forms = new Forms(options =>
            options.Json = new JsonSerializerOptions(JsonSerializerDefaults.Web)
            {
                Converters = { new JsonStringEnumConverter() },
            }
        );

        Assert.Equal("""{"x":1,"y":2}""", forms.Write(new Point(1, 2)));
        Assert.Equal("\"Sunday\"", forms.Write(DayOfWeek.Sunday));
        Assert.Equal("0", _forms.Write(DayOfWeek.Sunday));
        Assert.Equal(DayOfWeek.Friday, _forms.Back(DayOfWeek.Friday));
    }

    [Fact]
    public void Write_NonAsciiText_IsReadable() => Assert.Equal("\"Grüße <日本>\"", _forms.Write("Grüße <日本>"));

    [Fact]
    public void Write_RegisteredForm_IsUsedAnywhere()
    {
        var forms = new Forms(options =>
            options.Forms.Add<Lossy, int>(lossy => lossy.Value, value => new Lossy(value))
        );

        Assert.Equal("5", forms.Write(new Lossy(5)));
        Assert.Equal(5, forms.Back(new Lossy(5)).Value);
        Assert.Equal(6, forms.Back(new Box { Lost = new Lossy(6) }).Lost!.Value);
        Assert.Equal(7, forms.Back(new Dictionary<string, Lossy[]> { ["a"] = [new(7)] })["a"][0].Value);
        Assert.Equal(8, Assert.IsType<Lossy>(forms.Back<object>(new Lossy(8))).Value);
        forms.Require<Box>();
    }

    [Fact]
    public void Write_PathBelowTheRoot_ComesBackBelowTheRootOfThisMachine()
    {
        var json = _forms.Write(new Dictionary<string, string> { ["path"] = Forms.Root + "/a/b.png" });

        Assert.Equal("""{"path":"${root}/a/b.png"}""", json);
        Assert.Equal("/other/a/b.png", new Forms(root: "/other").Read<Dictionary<string, string>>(json)["path"]);
    }

    [Fact]
    public void Write_Files_ComeBackBelowTheRootOfThisMachine()
    {
        var json = _forms.Write(new FileInfo(Forms.Root + "/a.txt"));

        Assert.Equal("\"${root}/a.txt\"", json);
        Assert.Equal("/other/a.txt", new Forms(root: "/other").Read<FileInfo>(json).FullName);
        Assert.Equal("/d", _forms.Back(new DirectoryInfo("/d")).FullName);
    }

    [Fact]
    public void Write_Secrets_AreTakenOutEverywhere()
    {
        var forms = new Forms(options =>
        {
            options.Redaction.Names.Add("Text");
            options.Redaction.Secrets.Add("canary-4711");
        });

        var json = forms.Write(
            new Box
            {
                Text = "anything",
                Other = "a canary-4711 b",
                Bytes = "x canary-4711"u8.ToArray(),
            }
        );

        Assert.DoesNotContain("anything", json, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-4711", json, StringComparison.Ordinal);
        Assert.Equal("a [redacted] b", forms.Read<Box>(json).Other);
        Assert.Equal("x [redacted]"u8.ToArray(), forms.Read<Box>(json).Bytes);
    }

    [Fact]
    public void Write_SecretDeclaredAsObject_IsTakenOutUnderItsName()
    {
        var forms = new Forms(options => options.Redaction.Names.Add("my_secret"));

        var json = forms.Write(new Dictionary<string, object> { ["my_secret"] = new Uri("https://hidden.example") });

        Assert.DoesNotContain("hidden", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NamesThatAreTheSameWithoutTheirSecrets_AreRefused()
    {
        var forms = new Forms(options =>
        {
            options.Redaction.Secrets.Add("canary-1");
            options.Redaction.Secrets.Add("canary-2");
        });

        var failure = forms.Refused(new Dictionary<string, int> { ["canary-1"] = 1, ["canary-2"] = 2 });

        Assert.DoesNotContain("canary", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SecretWhereNoTextCanStand_IsRefused()
    {
        var forms = new Forms(options => options.Redaction.Names.Add("Id"));

        var failure = forms.Refused(new Named(Guid.NewGuid()));

        Assert.Contains("secret", failure.Message, StringComparison.Ordinal);
    }

    public sealed class Headers() : Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);

    public sealed class HasHeaders
    {
        public Dictionary<string, int> ByName { get; } = new(StringComparer.OrdinalIgnoreCase);
    }

    public sealed record Point(int X, int Y);

    public sealed record Named(Guid Id);

    public sealed record Nested(string Name, IReadOnlyList<Point> Points, Dictionary<string, int?> Others);

    public sealed class Box
    {
        public string? Text { get; set; }

        public string? Other { get; set; }

        public Lossy? Lost { get; set; }

        public byte[]? Bytes { get; set; }
    }

    public sealed class Lossy
    {
        public Lossy(int value) => Value = value;

        public Lossy() { }

        public int Value { get; }
    }

    public sealed class Filled(int id)
    {
        public int Id { get; } = id;

        public int Twice => Id * 2;

        public List<float> Scores { get; } = [];

        public ICollection<string> Names { get; } = new HashSet<string>();

        public IDictionary<string, int> ByName { get; } = new Dictionary<string, int> { ["default"] = 0 };
    }

    public interface IAnimal;

    public class Animal : IAnimal
    {
        public string Name { get; set; } = "";
    }

    public sealed class Cat : Animal
    {
        public int Lives { get; set; }
    }

    public sealed class Own : List<int>;

    public sealed class OtherOwn : List<string>;

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
    [JsonDerivedType(typeof(Circle), "circle")]
    public abstract record Shape;

    public sealed record Circle(double Radius) : Shape;
}
