using System.Text;
using Larder.Content;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Store;

public sealed class SnapshotLeasesTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly SnapshotLeases _leases;

    public SnapshotLeasesTests()
    {
        var layout = new StoreLayout(_directory.Path);
        Directory.CreateDirectory(layout.Beats);
        _leases = new SnapshotLeases(layout, isReadOnly: false, new ManualTimeProvider());
    }

    [Fact]
    public async Task AcquireAsync_KeptAwayForAWhile_WaitsInTheTimeOfWhoKeepsItAway()
    {
        var manifest = Digest.Of(Encoding.UTF8.GetBytes("manifest"));
        var exclusion = _leases.TryExclude(manifest)!;
        var waiting = _leases.AcquireAsync(manifest, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        exclusion.Dispose();

        // The clock of the store stands still, and its locks are let go all the same.
        using var lease = await waiting.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Null(_leases.TryExclude(manifest));
    }

    public void Dispose()
    {
        _leases.Dispose();
        _directory.Dispose();
    }
}
