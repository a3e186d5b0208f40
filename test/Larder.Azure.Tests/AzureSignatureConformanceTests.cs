using Larder.OriginConformance;

namespace Larder.Azure.Tests;

[Trait("Category", "Integration")]
public sealed class AzureSignatureConformanceTests(Azurite azurite) : OriginConformanceTests
{
    protected override Task<OriginSite> CreateSiteAsync() => BlobSite.CreateAsync(azurite, "models/", isSigned: true);
}
