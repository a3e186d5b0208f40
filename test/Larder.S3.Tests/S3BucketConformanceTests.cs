using Larder.Ceph;
using Larder.OriginConformance;

namespace Larder.S3.Tests;

/// <summary>What every origin keeps, for all objects of a bucket.</summary>
[Trait("Category", "Integration")]
public sealed class S3BucketConformanceTests(S3Gateway gateway) : OriginConformanceTests
{
    protected override Task<OriginSite> CreateSiteAsync() => S3Site.CreateAsync(gateway, "");
}
