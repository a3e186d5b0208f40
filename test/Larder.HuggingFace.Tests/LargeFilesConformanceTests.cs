using Larder.OriginConformance;

namespace Larder.HuggingFace.Tests;

/// <summary>The Hub with files that it keeps in its file store, under other addresses.</summary>
public sealed class LargeFilesConformanceTests : OriginConformanceTests
{
    protected override Task<OriginSite> CreateSiteAsync() => Task.FromResult<OriginSite>(new HubSite(areLarge: true));
}
