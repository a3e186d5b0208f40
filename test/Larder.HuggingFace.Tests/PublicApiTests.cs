using Larder.TestKit;

namespace Larder.HuggingFace.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void Assembly_PublicSurface_IsTheReviewedOne() =>
        PublicApi.AssertMatches(typeof(HuggingFaceOrigin).Assembly);
}
