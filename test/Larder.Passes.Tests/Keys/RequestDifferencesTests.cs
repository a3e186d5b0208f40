using System.Text.Json.Nodes;
using Larder.Passes.Keys;

namespace Larder.Passes.Tests.Keys;

public sealed class RequestDifferencesTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1.0}""")]
    [InlineData("""{"a":{"b":[1,{"c":null}]}}""", """{"a":{"b":[1,{"c":null}]}}""")]
    public void Between_TheSame_IsNothing(string here, string there) => Assert.Empty(Between(here, there));

    [Theory]
    [InlineData("""{"a":true}""", """{"a":false}""", "a: true here, false there")]
    [InlineData("""{"a":{"b":1}}""", """{"a":{"b":"1"}}""", "a.b: 1 here, \"1\" there")]
    [InlineData("""{"a":null}""", "{}", "a: null here, nothing there")]
    [InlineData("{}", """{"a":[1]}""", "a: nothing here, [1] there")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1,3]}""", "a[1]: 2 here, 3 there")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1]}""", "a: [1,2] here, [1] there")]
    public void Between_OneDifference_NamesItsPathAndBothValues(string here, string there, string expected) =>
        Assert.Equal(expected, Assert.Single(Between(here, there)).ToString());

    [Fact]
    public void Between_LongValues_AreShortened()
    {
        var difference = Assert.Single(Between($$"""{"a":"{{new string('x', 500)}}"}""", """{"a":1}"""));

        Assert.Equal(80, difference.Here!.Length);
    }

    private static IReadOnlyList<Passes.Running.KeyDifference> Between(string here, string there) =>
        RequestDifferences.Between(JsonNode.Parse(here), JsonNode.Parse(there));
}
