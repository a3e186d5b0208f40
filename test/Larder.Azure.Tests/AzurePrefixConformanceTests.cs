using Larder.OriginConformance;

namespace Larder.Azure.Tests;

[Trait("Category", "Integration")]
public sealed class AzurePrefixConformanceTests(Azurite azurite) : OriginConformanceTests
{
    protected override Task<OriginSite> CreateSiteAsync() =>
        BlobSite.CreateAsync(azurite, "models/v1.2/", isSigned: false);
}
