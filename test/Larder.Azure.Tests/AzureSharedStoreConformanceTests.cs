using Larder.SharedStoreConformance;

namespace Larder.Azure.Tests;

/// <summary>What every shared store keeps, for a prefix of a container.</summary>
[Trait("Category", "Integration")]
public sealed class AzureSharedStoreConformanceTests(Azurite azurite) : SharedStoreConformanceTests
{
    protected override Task<SharedStoreSite> CreateSiteAsync() => BlobStoreSite.CreateAsync(azurite, "/teams/vision");
}
