namespace Larder.Server.Tests;

public sealed class ModelIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("house-prices")]
    [InlineData("House_Prices.v2")]
    [InlineData("...")]
    [InlineData("Cache")]
    [InlineData("0")]
    public void IsValid_LettersDigitsAndThreeSigns_Is(string id) => Assert.True(ModelId.IsValid(id));

    [Theory]
    [InlineData("")]
    [InlineData("cache")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a%2fb")]
    [InlineData("größe")]
    [InlineData("a\n")]
    public void IsValid_AnythingElse_IsNot(string id) => Assert.False(ModelId.IsValid(id));

    [Fact]
    public void IsValid_Length_Is128AtMost()
    {
        Assert.True(ModelId.IsValid(new string('a', 128)));
        Assert.False(ModelId.IsValid(new string('a', 129)));
    }
}
