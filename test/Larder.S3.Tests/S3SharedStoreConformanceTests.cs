using Larder.Ceph;
using Larder.SharedStoreConformance;
using Larder.Sharing;

namespace Larder.S3.Tests;

/// <summary>What every shared store keeps, for a prefix of a bucket.</summary>
[Trait("Category", "Integration")]
public sealed class S3SharedStoreConformanceTests(S3Gateway gateway) : SharedStoreConformanceTests
{
    protected override Task<SharedStoreSite> CreateSiteAsync() => S3StoreSite.CreateAsync(gateway, "/teams/vision");

    // Ceph takes for the next request on a connection what follows a refusal of one that had asked whether to go on.
    [Fact]
    public async Task Write_RefusedMoreThanOnce_LeavesNothingOnTheConnection()
    {
        await using var site = await CreateSiteAsync();
        var missing = (S3SharedStore)site.Missing;

        for (var i = 0; i < 200; i++)
        {
            var failure = await Assert.ThrowsAsync<SharedStoreException>(() =>
                missing.TryWriteAsync(
                    "entries/a.json",
                    new byte[] { 1 },
                    SharedCondition.Absent,
                    TestContext.Current.CancellationToken
                )
            );
            Assert.True(failure.Failure is SharedFailure.NotFound, $"After {i}: {failure.Message}");
        }
    }
}
