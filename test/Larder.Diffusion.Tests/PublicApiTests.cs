using Larder.Diffusion.Graph;
using Larder.TestKit;

namespace Larder.Diffusion.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void Assembly_PublicSurface_IsTheReviewedOne() => PublicApi.AssertMatches(typeof(InferenceGraph).Assembly);
}
