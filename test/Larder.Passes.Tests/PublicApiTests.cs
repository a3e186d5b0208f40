using Larder.TestKit;

namespace Larder.Passes.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void Assembly_PublicSurface_IsTheReviewedOne() => PublicApi.AssertMatches(typeof(IPass).Assembly);
}
