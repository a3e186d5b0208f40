using Larder.OriginConformance;

namespace Larder.Azure.Tests;

[Trait("Category", "Integration")]
public sealed class AzureContainerConformanceTests(Azurite azurite) : OriginConformanceTests
{
    protected override Task<OriginSite> CreateSiteAsync() => BlobSite.CreateAsync(azurite, "", isSigned: false);
}
