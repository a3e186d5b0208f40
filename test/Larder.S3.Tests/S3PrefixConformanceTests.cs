using Larder.Ceph;
using Larder.OriginConformance;

namespace Larder.S3.Tests;

/// <summary>What every origin keeps, for the objects below a prefix.</summary>
[Trait("Category", "Integration")]
public sealed class S3PrefixConformanceTests(S3Gateway gateway) : OriginConformanceTests
{
    protected override Task<OriginSite> CreateSiteAsync() => S3Site.CreateAsync(gateway, "models & more/ü+%20#?/v1/");
}
