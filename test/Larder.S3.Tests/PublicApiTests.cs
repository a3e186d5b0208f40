using Larder.TestKit;

namespace Larder.S3.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void Assembly_PublicSurface_IsTheReviewedOne() => PublicApi.AssertMatches(typeof(S3Origin).Assembly);
}
