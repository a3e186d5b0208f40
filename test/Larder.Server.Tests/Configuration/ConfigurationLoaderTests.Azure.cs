using Larder.Azure;
using Larder.Server.Configuration;
using Microsoft.Extensions.Configuration;

namespace Larder.Server.Tests.Configuration;

public sealed partial class ConfigurationLoaderTests
{
    [Fact]
    public void Load_NothingOfOrigins_HasAzureAllTheSame()
    {
        var none = ConfigurationLoader.Read(new ConfigurationBuilder().Build(), "nothing");

        Assert.Contains(none.Origins, origin => origin is AzureBlobOrigin);
        Assert.Contains(OriginSettings.Defaults(), origin => origin is AzureBlobOrigin);
    }

    [Fact]
    public void Load_AccountUrl_IsTaken()
    {
        var configuration = ConfigurationFile.Load(
            """{"origins": {"azure": {"account_url": "https://models.blob.core.windows.net/"}}}"""
        );

        Assert.Contains(configuration.Origins, origin => origin is AzureBlobOrigin);
        Assert.Empty(configuration.Warnings);
    }

    [Theory]
    [InlineData("""{"account_url": "models"}""", "origins.azure.account_url is no address of a storage account")]
    [InlineData(
        """{"account_url": "https://models.blob.core.windows.net/?sv=1&sig=larder-canary"}""",
        "origins.azure.account_url has more than host and path"
    )]
    [InlineData("""{"acount_url": "https://models.blob.core.windows.net"}""", "Did you mean 'account_url'?")]
    [InlineData("""{"account_key": "larder-canary"}""", "origins.azure.account_key is unknown")]
    public void Load_AzureThatMakesNoSense_IsAFaultWithoutItsSecret(string azure, string fault)
    {
        var failure = Assert.Throws<ConfigurationException>(() =>
            ConfigurationFile.Load("{\"origins\": {\"azure\": " + azure + "}}")
        );

        Assert.Contains(fault, Assert.Single(failure.Faults), StringComparison.Ordinal);
        Assert.DoesNotContain("larder-canary", failure.ToString(), StringComparison.Ordinal);
    }
}
