using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Larder.Content;
using Larder.Graphs.Keys;

namespace Larder.Graphs.Tests.KeyTests;

public sealed class GraphKindOfTTests
{
    [Fact]
    public void KeyOf_Configuration_IsTheKeyOfItsRequest() =>
        Assert.Equal(
            $$"""{"configuration":{"max_steps":30,"scale":7.5},"graph":"a_b","kind":"graph","models":{"unet":"{{Text.Weights}}"},"version":2}""",
            Text.Request(new GraphKind<Small>("a_b", 2).KeyOf(new Small(), GraphModel.Of("unet", Text.Weights)))
        );

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\"")]
    public void Constructor_NoName_Throws(string name) =>
        Assert.Throws<ArgumentException>(() => new GraphKind<Small>(name, 1));

    [Fact]
    public void Constructor_NegativeVersion_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GraphKind<Small>("a", -1));

    [Fact]
    public void KeyOf_AnotherVersion_Differs() =>
        Assert.NotEqual(
            new GraphKind<Small>("a", 1).KeyOf(new Small()),
            new GraphKind<Small>("a", 2).KeyOf(new Small())
        );

    [Theory]
    [InlineData(9007199254740992L, "9007199254740992")]
    [InlineData(-9007199254740992L, "-9007199254740992")]
    [InlineData(9007199254740993L, "\"9007199254740993\"")]
    [InlineData(long.MinValue, "\"-9223372036854775808\"")]
    public void KeyOf_LargeInteger_IsAStringBeyondWhatADoubleHolds(long number, string json) =>
        Assert.Equal($$"""{"value":{{json}}}""", Text.Of(new Any(number)));

    [Fact]
    public void KeyOf_LargeEqualNumbers_AreOne()
    {
        object[] equal =
        [
            1L << 60,
            1UL << 60,
            (double)(1L << 60),
            (float)(1L << 60),
            (decimal)(1L << 60),
            JsonValue.Create(1L << 60),
        ];

        Assert.Equal(
            """{"value":"1152921504606846976"}""",
            Assert.Single(equal.Select(number => Text.Of(new Any(number))).Distinct())
        );
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(-0.0, "0")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(0.000123, "0.000123")]
    [InlineData(0.00001, "0.00001")]
    [InlineData(1.5e14, "150000000000000")]
    [InlineData(123456789012345.67, "123456789012345.67")]
    [InlineData(2251799813685248.5, "2251799813685248.5")]
    public void KeyOf_Double_IsWrittenAsEcmaScriptWrites(double number, string json) =>
        Assert.Equal($$"""{"value":{{json}}}""", Text.Of(new Any(number)));

    [Fact]
    public void KeyOf_EqualFractions_AreOne()
    {
        object[] equal =
        [
            0.1,
            0.1f,
            0.1m,
            0.10m,
            JsonValue.Create(0.1),
            JsonValue.Create(0.1f),
            JsonNode.Parse("1.0e-1")!,
        ];

        Assert.Single(equal.Select(number => Text.Of(new Any(number))).Distinct());
    }

    [Fact]
    public void KeyOf_DecimalWithMoreDigitsThanADouble_KeepsThemAll() =>
        Assert.Equal("""{"value":"0.1000000000000000000001"}""", Text.Of(new Any(0.1000000000000000000001m)));

    [Fact]
    public void KeyOf_JsonNumber_IsNormalised()
    {
        Assert.Equal("""{"value":15}""", Text.Of(new Any(JsonNode.Parse("1.5e1"))));
        Assert.Equal("""{"value":0}""", Text.Of(new Any(JsonNode.Parse("-0e999999999"))));
        Assert.Equal("""{"value":"1000000000000000000000"}""", Text.Of(new Any(JsonNode.Parse("1e21"))));
        Assert.Equal("$.value", Text.Fault(new Any(JsonNode.Parse("1e999"))).Path);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void KeyOf_NoFiniteNumber_IsRefused(object number)
    {
        var fault = Text.Fault(new Any(number));

        Assert.Equal("$.value", fault.Path);
        Assert.Contains(
            ((IFormattable)number).ToString(null, CultureInfo.InvariantCulture),
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void KeyOf_Scalars_AreWrittenRoundTrip() =>
        Assert.Equal(
            $$"""{"bytes":"AQI=","char":"é","date":"2026-01-02","date_time":"2026-01-02T03:04:05.0000000Z","digest":"{{Text.Weights}}","id":"00000000-0000-0000-0000-000000000001","mode":"Fast","nothing":null,"offset":"2026-01-02T03:04:05.0000000+01:00","span":"00:00:05","text":"a\"\n","time":"03:04:05.0000000","uri":"https://a/B?c"}""",
            Text.Of(new Scalars())
        );

    [Fact]
    public void KeyOf_UnderAnotherCulture_IsTheSame()
    {
        var expected = (Text.Of(new Scalars()), Text.Of(new Small()));
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
            Assert.Equal(expected, (Text.Of(new Scalars()), Text.Of(new Small())));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void KeyOf_List_KeepsItsOrder() =>
        Assert.NotEqual(Text.Of(new Any(new[] { 1, 2 })), Text.Of(new Any(new[] { 2, 1 })));

    [Fact]
    public void KeyOf_ListsOfAnyType_AreOne()
    {
        IReadOnlyList<int> expression = [1, 2];
        object[] lists =
        [
            new[] { 1, 2 },
            new List<int> { 1, 2 },
            ImmutableArray.Create(1, 2),
            ImmutableList.Create(1, 2),
            expression,
        ];

        Assert.Equal("""{"value":[1,2]}""", Assert.Single(lists.Select(list => Text.Of(new Any(list))).Distinct()));
    }

    [Fact]
    public void KeyOf_SignedBytes_AreAListOfNumbers() =>
        Assert.Equal("""{"value":[-1]}""", Text.Of(new Any(new sbyte[] { -1 })));

    [Fact]
    public void KeyOf_Set_HasNoOrder() =>
        Assert.Equal(
            Text.Of(
                new Sets
                {
                    Names = new HashSet<string> { "b", "a", "c" },
                }
            ),
            Text.Of(new Sets { Names = ImmutableHashSet.Create("c", "b", "a") })
        );

    [Fact]
    public void ConfigurationOf_Set_HasTheSameItems()
    {
        var kind = new GraphKind<Sets>("a", 1);

        Assert.Equal(["a"], kind.ConfigurationOf(kind.KeyOf(new Sets { Names = new HashSet<string> { "a" } })).Names);
    }

    [Fact]
    public void KeyOf_Tuples_AreWrittenByTheirItems() =>
        Assert.Equal(
            """{"loras":[{"item1":"a","item2":0.5}]}""",
            Text.Of(new Loras { Items = [("a", 0.5)] }).Replace("items", "loras", StringComparison.Ordinal)
        );

    [Fact]
    public void KeyOf_DefaultImmutableArray_IsRefused() =>
        Assert.Equal("$.value", Text.Fault(new Any(default(ImmutableArray<int>))).Path);

    [Fact]
    public void KeyOf_FaultDeepInside_IsNamedByItsPath() =>
        Assert.Equal(
            "$.value[1].strength",
            Text.Fault(
                new Any(
                    new object[]
                    {
                        1,
                        new Dictionary<string, double> { ["strength"] = double.NaN },
                    }
                )
            ).Path
        );

    [Fact]
    public void KeyOf_OddName_IsQuotedInThePath() =>
        Assert.Equal(
            "$.value['a b']",
            Text.Fault(new Any(new Dictionary<string, double> { ["a b"] = double.NaN })).Path
        );

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void KeyOf_UnsupportedValue_IsRefused(object value) =>
        Assert.StartsWith("$.value", Text.Fault(new Any(value)).Path, StringComparison.Ordinal);

    public static TheoryData<object> Unsupported() =>
        [
            new MemoryStream(),
            typeof(string),
            new Queue<int>([1]),
            new Dictionary<int, string> { [1] = "a" },
            new[,]
            {
                { 1, 2 },
            },
            (object)Enumerable.Range(0, 3).Select(i => i),
            new Own { 1 },
            Guid.Empty,
            DayOfWeek.Friday,
            "\ud800",
            'a',
            new Version(1, 2),
            new Dictionary<string, object> { ["$type"] = "a" },
            new JsonObject { ["$type"] = "a" },
            new HidingBase(),
            new HashSet<int> { 1 },
            new Shadowing(),
            new Overriding(),
            new sbyte[,]
            {
                { 1 },
            },
            new OnTheStack(),
            (nint)1,
            new TwiceNamed(),
            new DollarNamed(),
        ];

    [Fact]
    public void KeyOf_EnumWithoutName_IsRefused() =>
        Assert.Equal("$.mode", Text.Fault(new Scalars { Mode = (Mode)7 }).Path);

    [Fact]
    public void KeyOf_Cycle_IsRefused()
    {
        var node = new Node();
        node.Next = node;

        Assert.Contains("contains itself", Text.Fault(node).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KeyOf_RequestSixtyFourDeep_IsAcceptedAndNoDeeper()
    {
        Assert.Equal(EntryKey.Of(Parsed(Chain(63))), new GraphKind<Node>("a", 1).KeyOf(Chain(63)));
        Text.Fault(Chain(64));

        static JsonObject Parsed(Node node) =>
            JsonNode.Parse(new GraphKind<Node>("a", 1).KeyOf(node).Request.Span)!.AsObject();
    }

    [Fact]
    public void KeyOf_Subclass_LosesNothingOfIt()
    {
        var kind = new GraphKind<Holder>("a", 1);

        Assert.NotEqual(kind.KeyOf(new Holder(new Euler(1))), kind.KeyOf(new Holder(new Euler(2))));
    }

    [Fact]
    public void KeyOf_SubclassesWithTheSameProperties_Differ()
    {
        var kind = new GraphKind<Holder>("a", 1);

        Assert.NotEqual(kind.KeyOf(new Holder(new Euler(1))), kind.KeyOf(new Holder(new Ddim(1))));
        Assert.NotEqual(Text.Of<object>(new Euler(1)), Text.Of<object>(new Ddim(1)));
        Assert.NotEqual(Text.Of(new Any(new Euler[] { new(1) })), Text.Of(new Any(new Ddim[] { new(1) })));
    }

    [Fact]
    public void ConfigurationOf_SubclassThatIsDeclared_IsMadeAgain()
    {
        var kind = new GraphKind<Holder>("a", 1);

        Assert.Equal(new Euler(3), kind.ConfigurationOf(kind.KeyOf(new Holder(new Euler(3)))).Scheduler);
    }

    [Fact]
    public void ConfigurationOf_SubclassThatIsNotDeclared_Throws()
    {
        var kind = new GraphKind<Holder>("a", 1);
        var key = kind.KeyOf(new Holder(new Ddim(3)));

        Assert.Throws<InvalidConfigurationException>(() => kind.ConfigurationOf(key));
    }

    [Fact]
    public void ConfigurationOf_PropertyThatCannotBeSet_Throws()
    {
        var kind = new GraphKind<Unsettable>("a", 1);
        var configuration = new Unsettable();
        configuration.Count();
        var key = kind.KeyOf(configuration);

        Assert.Throws<InvalidConfigurationException>(() => kind.ConfigurationOf(key));
    }

    [Fact]
    public void ConfigurationOf_KeyOfAnotherKind_Throws()
    {
        var key = new GraphKind<Small>("a", 1).KeyOf(new Small());

        Assert.Throws<ArgumentException>(() => new GraphKind<Small>("b", 1).ConfigurationOf(key));
        Assert.Throws<ArgumentException>(() => new GraphKind<Small>("a", 2).ConfigurationOf(key));
        Assert.Throws<ArgumentException>(() => new GraphKind<Small>("a", 1).ConfigurationOf(Tests.Keys.A));
    }

    [Fact]
    public void ConfigurationOf_AllScalars_HasTheSameKey()
    {
        var kind = new GraphKind<Scalars>("a", 1);
        var key = kind.KeyOf(new Scalars { Mode = Mode.Fast | Mode.Safe, Nothing = "\u2028" });

        Assert.Equal(key, kind.KeyOf(kind.ConfigurationOf(key)));
    }

    [Fact]
    public void ConfigurationOf_CollectionsAndTuples_HasTheSameKey()
    {
        var kind = new GraphKind<Loras>("a", 1);
        var key = kind.KeyOf(new Loras { Items = [("a", 0.5)] });

        Assert.Equal(("a", 0.5), Assert.Single(kind.ConfigurationOf(key).Items));
    }

    [Fact]
    public void KeyOf_PropertyLeftOut_IsNotRead() => Assert.Equal("""{"steps":1}""", Text.Of(new LeftOut(1)));

    [Fact]
    public void KeyOf_ManyThreadsAtOnce_GivesEachItsOwn()
    {
        var kind = new GraphKind<Small>("a", 1);
        var expected = Enumerable.Range(0, 200).Select(i => kind.KeyOf(new Small { MaxSteps = i })).ToArray();

        Parallel.For(0, 5000, i => Assert.Equal(expected[i % 200], kind.KeyOf(new Small { MaxSteps = i % 200 })));
    }

    private static Node Chain(int length)
    {
        var first = new Node();
        for (var i = 1; i < length; i++)
            first = new Node { Next = first };
        return first;
    }

    [Flags]
    private enum Mode
    {
        Slow = 0,
        Fast = 1,
        Safe = 2,
    }

    private sealed record Small(int MaxSteps = 30, double Scale = 7.5);

    private sealed record Any(object? Value);

    private sealed class Scalars
    {
        public string Text { get; set; } = "a\"\n";
        public string? Nothing { get; set; }
        public char Char { get; set; } = 'é';
        public Mode Mode { get; set; } = Mode.Fast;
        public Guid? Id { get; set; } = new Guid(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        public DateTime DateTime { get; set; } = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        public DateTimeOffset Offset { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1));
        public DateOnly Date { get; set; } = new(2026, 1, 2);
        public TimeOnly Time { get; set; } = new(3, 4, 5);
        public TimeSpan Span { get; set; } = TimeSpan.FromSeconds(5);
        public Uri Uri { get; set; } = new("https://a/B?c");
        public Digest Digest { get; set; } = KeyTests.Text.Weights;
        public byte[] Bytes { get; set; } = [1, 2];
    }

    private sealed class Loras
    {
        public IReadOnlyList<(string Path, double Scale)> Items { get; set; } = [];
    }

    private sealed class Sets
    {
        public ISet<string> Names { get; set; } = new HashSet<string>();
    }

    private class Shadowed
    {
        public virtual int Steps { get; set; }
        public int Other { get; set; }
    }

    private sealed class Shadowing : Shadowed
    {
        public new int Other { get; set; }
    }

    private sealed class Overriding : Shadowed
    {
        public override int Steps
        {
            get => 0;
            set => base.Steps = value;
        }
    }

    private sealed class OnTheStack
    {
        public ReadOnlySpan<char> Name => "a";
    }

    private sealed class Node
    {
        public Node? Next { get; set; }
    }

    private sealed record Holder(Scheduler Scheduler);

    [JsonDerivedType(typeof(Euler), "euler")]
    private abstract record Scheduler;

    private sealed record Euler(int Shift) : Scheduler;

    private sealed record Ddim(int Shift) : Scheduler;

    private sealed class Unsettable
    {
        public int Total { get; private set; }

        public void Count() => Total++;
    }

    private sealed class LeftOut(int steps)
    {
        [NotPartOfKey]
        private readonly object _lock = new();

        public int Steps { get; } = steps;

        [NotPartOfKey]
        public Action? OnStep { get; set; } = GC.Collect;

        public override string ToString() => $"{_lock}";
    }

    private abstract class Hiding
    {
        protected int _hidden = 1;
    }

    private sealed class HidingBase : Hiding
    {
        public int Shown => _hidden;
    }

    private sealed class TwiceNamed
    {
        public int MaxSteps { get; set; }

        [JsonPropertyName("max_steps")]
        public int Other { get; set; }
    }

    private sealed class DollarNamed
    {
        [JsonPropertyName("$type")]
        public string Type { get; set; } = "";
    }

    private sealed class Own : List<int>
    {
        public string Name { get; set; } = "a";
    }
}
