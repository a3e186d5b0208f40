using Larder.TestKit;

namespace Larder.Onnx.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void Assembly_PublicSurface_IsTheReviewedOne() => PublicApi.AssertMatches(typeof(OnnxModel).Assembly);
}
