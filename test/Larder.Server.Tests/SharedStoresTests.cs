using Larder.Origins;
using Larder.Server.Tests.Configuration;

namespace Larder.Server.Tests;

[Collection(nameof(ConfigurationLoaderTests))]
public sealed class SharedStoresTests
{
    [Theory]
    [InlineData("file:///srv/team%20store/", "directory", "/srv/team store")]
    [InlineData("s3://bucket/team/", "s3", "s3://bucket/team")]
    [InlineData("az://account/container/team/", "azure", "az://account/container/team")]
    public void Open_EveryKind_IsThatStore(string url, string name, string location)
    {
        var store = SharedStores.Open(url, ConfigurationFile.Load("{}"));
        using var _ = store as IDisposable;

        Assert.Equal((name, location), (store.Name, store.Location));
    }

    [Theory]
    [InlineData("https://host/store")]
    [InlineData("hf://org/repo")]
    [InlineData("file://host/store")]
    [InlineData("/srv/team")]
    [InlineData("s3:///team")]
    public void Open_OtherAddress_SaysWhatToWrite(string url) =>
        Assert.Throws<ReferenceException>(() => SharedStores.Open(url, ConfigurationFile.Load("{}")));
}
