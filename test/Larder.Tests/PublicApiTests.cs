using Larder.TestKit;

namespace Larder.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void Assembly_PublicSurface_IsTheReviewedOne() => PublicApi.AssertMatches(typeof(LarderException).Assembly);
}
