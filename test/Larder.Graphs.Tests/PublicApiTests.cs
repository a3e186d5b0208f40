using Larder.TestKit;

namespace Larder.Graphs.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void Assembly_PublicSurface_IsTheReviewedOne() => PublicApi.AssertMatches(typeof(GraphCache).Assembly);
}
