namespace Larder.Server.Tests.Configuration;

public sealed partial class ConfigurationLoaderTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "origins": { "hub": { "endpoint": "https://mirror.example/hub/" } } }""")]
    public void Load_Hub_IsThere(string text) =>
        Assert.Contains(ConfigurationFile.Load(text).Origins, origin => origin.Schemes.Contains("hf"));

    [Theory]
    [InlineData("mirror.example")]
    [InlineData("ftp://mirror.example")]
    [InlineData("https://someone:hush@mirror.example")]
    [InlineData("https://mirror.example?token=hush")]
    public void Load_HubEndpointThatIsNone_IsAFaultThatTellsNoSecret(string endpoint)
    {
        var fault = Assert.Single(
            ConfigurationFile.FaultsOf($$"""{ "origins": { "hub": { "endpoint": "{{endpoint}}" } } }""")
        );

        Assert.StartsWith("origins.hub.endpoint is not the address of a Hub", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_HubSettingMisspelled_SuggestsTheRightOne() =>
        Assert.Equal(
            ["origins.hub.endpiont is unknown. Did you mean 'endpoint'?"],
            ConfigurationFile.FaultsOf("""{ "origins": { "hub": { "endpiont": "x" } } }""")
        );
}
