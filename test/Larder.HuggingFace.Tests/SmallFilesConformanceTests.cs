using Larder.OriginConformance;

namespace Larder.HuggingFace.Tests;

/// <summary>The Hub with files that it keeps in git, and tells the SHA-1 of.</summary>
public sealed class SmallFilesConformanceTests : OriginConformanceTests
{
    protected override Task<OriginSite> CreateSiteAsync() => Task.FromResult<OriginSite>(new HubSite(areLarge: false));
}
