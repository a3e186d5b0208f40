namespace Larder.Tests;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("room", "rooms")]
    [InlineData("ROOMS", "rooms")]
    [InlineData("aera", "area")]
    [InlineData("yeer_built", "year_built")]
    public void Of_FewEdits_Finds(string name, string expected) =>
        Assert.Equal(expected, NearestName.Of(name, ["rooms", "year_built", "area"]));

    [Theory]
    [InlineData("price")]
    [InlineData("")]
    public void Of_ManyEdits_FindsNothing(string name) =>
        Assert.Null(NearestName.Of(name, ["rooms", "year_built", "area"]));

    [Fact]
    public void Of_VeryLongName_FindsNothing() => Assert.Null(NearestName.Of(new string('a', 1 << 20), ["rooms"]));
}
