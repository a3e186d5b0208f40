using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Content.Requests;

namespace Larder.Tests.Content.Requests;

public sealed class ValueWriterTests
{
    [Fact]
    public void Write_MembersLeftOut_AreNotRead() =>
        Assert.Equal("""{"steps":3}""", Written.Of(new Order(3, "a", CancellationToken.None)));

    [Fact]
    public void Write_ValueThatHidesState_IsRefusedInTheWordsOfTheRules()
    {
        var refused = Assert.Throws<InvalidDocumentException>(() => Written.Of(new List<Hiding> { new(1) }));

        Assert.Equal("$[0]", refused.Path);
        Assert.Contains(
            "mark it [Ignored] when the dish does not depend on it",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Write_FaultAtPlace_IsToldWithTheStartOfItsPath()
    {
        var request = new RequestWriter(
            Written.Rules,
            static (path, message, _) => new InvalidDocumentException(path, message)
        )
        {
            Start = "$.arguments",
        };
        request.Begin();

        var refused = Assert.Throws<InvalidDocumentException>(() =>
            new ValueWriter(request).Write(new Dictionary<string, object> { ["x"] = new object() }, typeof(object))
        );

        Assert.Equal("$.arguments.x", refused.Path);
    }

    [Fact]
    public void Write_ContainsItself_IsRefused()
    {
        List<object> list = [];
        list.Add(list);

        Assert.Contains(
            "order is nested so deep",
            Assert.Throws<InvalidDocumentException>(() => Written.Of<object>(list)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Write_WithForms_AsksForValuesTextsAndNames() =>
        Assert.Equal(
            """{"!$a":"text:<!$a>b","!c":{"$form":"DayOfWeek"},"!d":["text:<>e",{"$form":"DayOfWeek"}]}""",
            Written.Of(
                new Dictionary<string, object?>
                {
                    ["d"] = new object[] { "e", DayOfWeek.Friday },
                    ["c"] = DayOfWeek.Friday,
                    ["$a"] = "b",
                },
                new Forms()
            )
        );

    [Fact]
    public void Write_JsonWithForms_IsAskedForToo() =>
        Assert.Equal(
            """{"!a":["text:<>b",{"$number":"0.10000000000000000000001"},1,null]}""",
            Written.Of(JsonNode.Parse("""{"a":["b",0.10000000000000000000001,1.0,null]}"""), new Forms())
        );

    [Theory]
    [InlineData(double.NaN, """{"$number":"NaN"}""")]
    [InlineData(double.NegativeInfinity, """{"$number":"-Infinity"}""")]
    [InlineData(9007199254740993L, """{"$number":"9007199254740993"}""")]
    [InlineData(9007199254740992L, "9007199254740992")]
    [InlineData(0.25f, "0.25")]
    public void Write_NumberWithForms_IsNeverWhatATextWouldBe(object number, string expected) =>
        Assert.Equal(expected, Written.Of(number, number.GetType(), new Forms()));

    [Fact]
    public void Write_NamesThatFormsMakeOne_AreRefused() =>
        Assert.Throws<InvalidDocumentException>(() =>
            Written.Of(new Dictionary<string, int> { ["secret1"] = 1, ["secret2"] = 2 }, new Forms())
        );

    private sealed record Order(int Steps, [property: Ignored] string Name, CancellationToken Token);

    private sealed class Hiding(int steps)
    {
        private readonly int _steps = steps;

        public int Twice => 2 * _steps;
    }

    private sealed class Forms : IValueForms
    {
        public bool TryWrite(RequestWriter request, object? value, Type? declared)
        {
            if (value is not Enum)
                return false;
            request.Output.WriteRaw("""{"$form":"DayOfWeek"}""");
            return true;
        }

        public void WriteNumber(RequestWriter request, string text) =>
            request.Output.WriteRaw($$"""{"$number":"{{text}}"}""");

        public string TextOf(string? name, string text) => $"text:<{name}>{text}";

        public string NameOf(string name) =>
            name.StartsWith("secret", StringComparison.Ordinal) ? "secret" : $"!{name}";
    }
}
