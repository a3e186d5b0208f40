using Larder.OriginConformance;

namespace Larder.Tests.Origins;

[Trait("Category", "Integration")]
public sealed class ApacheConformanceTests(ApacheServer server) : OriginConformanceTests, IClassFixture<ApacheServer>
{
    protected override Task<OriginSite> CreateSiteAsync() => Task.FromResult(server.NewSite("/locked/"));
}
