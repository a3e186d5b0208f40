using Larder.TestKit;

namespace Larder.Azure.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void Assembly_PublicSurface_IsTheReviewedOne() => PublicApi.AssertMatches(typeof(AzureBlobOrigin).Assembly);
}
