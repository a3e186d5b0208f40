using Larder.Ceph;
using Larder.SharedStoreConformance;

namespace Larder.S3.Tests;

/// <summary>What every shared store keeps, for a prefix of a bucket.</summary>
[Trait("Category", "Integration")]
public sealed class S3SharedStoreConformanceTests(S3Gateway gateway) : SharedStoreConformanceTests
{
    protected override Task<SharedStoreSite> CreateSiteAsync() => S3StoreSite.CreateAsync(gateway, "/teams/vision");
}
