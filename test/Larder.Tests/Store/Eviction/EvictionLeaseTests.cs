using Larder.Origins;
using Larder.TestKit;
using Larder.Tests.Faults;

namespace Larder.Tests.Store.Eviction;

/// <summary>Leases of other processes, and of other containers.</summary>
public sealed class EvictionLeaseTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ModelReference _reference;

    public EvictionLeaseTests()
    {
        TwoModels.Write(_directory["model"], TwoModels.Bystander);
        _reference = ModelReference.OfPath(_directory["model"]);
    }

    private string Root => _directory["store"];

    [Fact]
    public async Task EvictAsync_HeldByAnotherProcess_KeepsItUntilThatProcessIsKilled()
    {
        using var holder = HostProcess.Start(["hold", Root, _reference.Text]);
        await holder.ReadToAsync("held");
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = Root });
        Assert.Single((await EvictAsync(cache)).Kept);

        await holder.KillAsync();

        Assert.Single((await EvictAsync(cache)).Removed);
        StoreAudit.AssertEmpty(Root);
    }

    [Fact]
    public async Task EvictAsync_HolderAndEvictorInDifferentPidNamespaces_KeepsItUntilTheHolderIsKilled()
    {
        Volume.SkipUnlessAllowed();
        // Both are the process 1 of their namespace, and neither sees the other.
        using var holder = HostProcess.StartInNamespace("hold", Root, _reference.Text);
        await holder.ReadToAsync("held");
        Assert.Equal("0", await EvictInNamespaceAsync());
        StoreAudit.AssertWholeInUse(Root);

        await holder.KillAsync();

        Assert.Equal("1", await EvictInNamespaceAsync());
        StoreAudit.AssertEmpty(Root);
    }

    public void Dispose() => _directory.Dispose();

    private static Task<EvictResult> EvictAsync(ModelCache cache) =>
        cache.EvictAsync(new EvictOptions { ToBytes = 0 }, TestContext.Current.CancellationToken);

    private async Task<string> EvictInNamespaceAsync()
    {
        using var evictor = HostProcess.StartInNamespace("evict", Root);
        var (exitCode, output) = await evictor.EndAsync();
        Assert.True(exitCode == 0, output);
        return output.TrimEnd().Split(' ')[^1];
    }
}
