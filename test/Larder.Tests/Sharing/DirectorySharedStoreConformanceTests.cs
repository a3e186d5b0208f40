using Larder.SharedStoreConformance;

namespace Larder.Tests.Sharing;

/// <summary>What every shared store keeps, for a directory.</summary>
public sealed class DirectorySharedStoreConformanceTests : SharedStoreConformanceTests
{
    protected override Task<SharedStoreSite> CreateSiteAsync() => Task.FromResult<SharedStoreSite>(new DirectorySite());
}
