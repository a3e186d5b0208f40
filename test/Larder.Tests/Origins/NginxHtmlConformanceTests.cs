using Larder.OriginConformance;

namespace Larder.Tests.Origins;

[Trait("Category", "Integration")]
public sealed class NginxHtmlConformanceTests(NginxServer server) : OriginConformanceTests, IClassFixture<NginxServer>
{
    protected override Task<OriginSite> CreateSiteAsync() => Task.FromResult(server.NewSite("/locked/html/"));
}
