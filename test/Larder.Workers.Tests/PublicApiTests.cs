using Larder.TestKit;

namespace Larder.Workers.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void Assembly_PublicSurface_IsTheReviewedOne() => PublicApi.AssertMatches(typeof(WorkerModels).Assembly);
}
