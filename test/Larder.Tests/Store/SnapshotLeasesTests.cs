using System.Text;
using Larder.Content;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Store;

public sealed class SnapshotLeasesTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly StoreLayout _layout;
    private readonly SnapshotLeases _leases;

    public SnapshotLeasesTests()
    {
        _layout = new StoreLayout(_directory.Path);
        Directory.CreateDirectory(_layout.Beats);
        _leases = new SnapshotLeases(_layout, isReadOnly: false, new ManualTimeProvider());
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

    [Fact]
    public async Task AcquireAsync_NothingCanBeWrittenAndTheSnapshotIsGone_IsNone()
    {
        using var reader = new SnapshotLeases(_layout, isReadOnly: true, TimeProvider.System);

        Assert.Null(
            await reader
                .AcquireAsync(Digest.Of("gone"u8), TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public void TryExclude_ReaderThatCanOnlyLockTheDirectory_IsKeptAwayToTheEnd()
    {
        var manifest = Digest.Of("manifest"u8);
        Directory.CreateDirectory(_layout.Snapshot(manifest));
        using var reader = new SnapshotLeases(_layout, isReadOnly: true, TimeProvider.System);

        using (var exclusion = _leases.TryExclude(manifest))
        {
            Assert.NotNull(exclusion);
            Assert.Null(reader.TryAcquire(manifest));
        }
        using var lease = reader.TryAcquire(manifest);
        Assert.NotNull(lease);
        Assert.Null(_leases.TryExclude(manifest));
    }

    public void Dispose()
    {
        _leases.Dispose();
        _directory.Dispose();
    }
}
