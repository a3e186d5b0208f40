using Larder.TestKit;

namespace Larder.Server.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void Assembly_PublicSurface_IsTheReviewedOne() => PublicApi.AssertMatches(typeof(LarderServer).Assembly);
}
