using Larder.TestKit;

namespace Larder.Recordings.AI.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void Assembly_PublicSurface_IsTheReviewedOne() => PublicApi.AssertMatches(typeof(RecordedClients).Assembly);
}
