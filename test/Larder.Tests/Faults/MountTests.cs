using System.Globalization;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Faults;

/// <summary>A store on a file system that is full, cannot be written, or is not there any more.</summary>
/// <remarks>In full mode on file systems of the tests' own; what can be shown without them is shown without.</remarks>
public sealed class MountTests : IDisposable
{
    private const string Refused = "could not be used";

    private readonly TwoModels _models = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Category", "Full")]
    [InlineData("size=300k")]
    [InlineData("size=1m")]
    [InlineData("size=2m")]
    [InlineData("size=4m")]
    [InlineData("size=8m")]
    [InlineData("nr_inodes=42")]
    [InlineData("nr_inodes=46")]
    [InlineData("nr_inodes=50")]
    [InlineData("nr_inodes=54")]
    [InlineData("nr_inodes=60")]
    public async Task PullAsync_VolumeRunsFull_SaysSoLosesNothingAndWorksWithRoom(string limit)
    {
        Volume.SkipUnlessAllowed();
        using var volume = Volume.InMemory(limit);
        var store = Path.Combine(volume.Path, "store");
        await using var server = WithoutLength(blocks: 9);
        await PullBystanderAsync(store);

        var (exitCode, output) = await HostProcess.RunAsync(["pull", store, server.Url("/model.onnx")]);

        // 9 MiB come and nobody says so before. Where inodes are short there are bytes enough: so it may also succeed.
        if (limit.StartsWith("size", StringComparison.Ordinal))
            Assert.Equal(1, exitCode);
        if (exitCode != 0)
            Assert.Contains(nameof(NoRoomException), output, StringComparison.Ordinal);
        using (var cache = Open(store))
        {
            await cache.SweepAsync(Cancellation);
            StoreAudit.AssertWhole(store);
            await AssertBystanderAsync(cache);
        }
        volume.Remount("size=64m,nr_inodes=1000");
        Assert.Equal(0, (await HostProcess.RunAsync(["pull", store, server.Url("/model.onnx")])).ExitCode);
        StoreAudit.AssertWhole(store);
    }

    [Theory]
    [Trait("Category", "Full")]
    [InlineData(20)]
    [InlineData(25)]
    [InlineData(30)]
    [InlineData(35)]
    [InlineData(40)]
    public async Task PullAsync_NoInodesLeft_SaysSoAndWorksWhenThereAreMore(int inodes)
    {
        Volume.SkipUnlessAllowed();
        using var volume = Volume.InMemory(string.Create(CultureInfo.InvariantCulture, $"nr_inodes={inodes}"));
        var store = Path.Combine(volume.Path, "store");

        // A new store takes about 20, a model of four files about 20 more.
        var (exitCode, output) = await HostProcess.RunAsync(["pull", store, _models.Reference.Text]);

        if (exitCode != 0)
            Assert.Matches("NoRoomException|StoreException", output);
        volume.Remount("nr_inodes=1000");
        Assert.Equal(0, (await HostProcess.RunAsync(["pull", store, _models.Reference.Text])).ExitCode);
        using var cache = Open(store);
        await cache.SweepAsync(Cancellation);
        StoreAudit.AssertWhole(store);
    }

    [Fact]
    public async Task PullAsync_NoByteCanBeWritten_SaysSoAndGoesOnServingHits()
    {
        await PullBystanderAsync(_models.Root);

        foreach (var call in (string[])["write", "fallocate", "mkdir"])
        {
            var miss = await FaultyHost.RunAsync(
                ["pull", _models.Root, _models.Reference.Text],
                $"{call}:ENOSPC:1:always",
                _models.Root
            );
            Assert.Equal(1, miss.ExitCode);
            Assert.Contains($"{nameof(NoRoomException)}: No room in the store", miss.Output, StringComparison.Ordinal);

            var hit = await FaultyHost.RunAsync(
                ["pull", _models.Root, _models.BystanderReference.Text],
                $"{call}:ENOSPC:1:always",
                _models.Root
            );
            Assert.Equal(0, hit.ExitCode);
            Assert.Contains("Hit", hit.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Category", "Full")]
    public async Task PullAsync_VolumeIsReadOnly_ServesHitsAndRefusesTheRest()
    {
        Volume.SkipUnlessAllowed();
        using var volume = Volume.InMemory("size=8m");
        var store = Path.Combine(volume.Path, "store");
        await PullBystanderAsync(store);
        using var before = Open(store);
        volume.Remount("ro");

        await AssertBystanderAsync(before);
        using var after = Open(store);
        await AssertBystanderAsync(after);
        var failure = await Assert.ThrowsAsync<StoreException>(() =>
            after.PullAsync(_models.Reference, null, Cancellation)
        );
        Assert.Contains("Read-only", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(() => after.ClearAsync(null, Cancellation));

        volume.Remount("rw");
        (await after.PullAsync(_models.Reference, null, Cancellation)).Dispose();
    }

    [Fact]
    [Trait("Category", "Full")]
    public async Task PullAsync_VolumeIsReadOnlyAndTheSnapshotIsGone_SaysSo_AndDoesNotWaitForIt()
    {
        Volume.SkipUnlessAllowed();
        using var volume = Volume.InMemory("size=8m");
        var store = Path.Combine(volume.Path, "store");
        await PullBystanderAsync(store);
        var layout = new StoreLayout(store);
        var snapshot = Assert.Single(Directory.GetDirectories(layout.Snapshots));
        // What a lease leaves whose holder died.
        await File.WriteAllTextAsync(layout.SnapshotLease(Digest.Parse(Path.GetFileName(snapshot))), "", Cancellation);
        volume.Remount("ro");
        using var cache = Open(store);
        Assert.True(Assert.Single(cache.List()).Leased);

        volume.Remount("rw");
        Directory.Delete(snapshot, recursive: true);
        volume.Remount("ro");
        var pull = cache.PullAsync(_models.BystanderReference, new PullOptions { Offline = true }, Cancellation);

        await Assert.ThrowsAnyAsync<LarderException>(() => pull.WaitAsync(TimeSpan.FromSeconds(60), Cancellation));
    }

    [Fact]
    [Trait("Category", "Full")]
    public async Task Store_AnEmptyDirectoryIsMountedOverIt_IsNotTakenForAnEmptyStore()
    {
        Volume.SkipUnlessAllowed();
        await PullBystanderAsync(_models.Root);
        using var cache = Open(_models.Root);
        using (var hiding = Volume.Over(_models.Root))
        {
            await AssertRefusesAsync(cache);
            Assert.Empty(Directory.EnumerateFileSystemEntries(_models.Root));
        }

        await AssertBystanderAsync(cache);
        (await cache.PullAsync(_models.Reference, null, Cancellation)).Dispose();
        StoreAudit.AssertWhole(_models.Root);
    }

    [Fact]
    public async Task Store_RenamedAwayUnderAnOpenCache_IsNotTakenForAnEmptyStore()
    {
        await PullBystanderAsync(_models.Root);
        using var cache = Open(_models.Root);
        var elsewhere = _models.Root + ".elsewhere";
        Posix.Rename(_models.Root, elsewhere);
        await AssertRefusesAsync(cache);
        Assert.False(Directory.Exists(_models.Root));

        Directory.CreateDirectory(_models.Root);
        await AssertRefusesAsync(cache);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_models.Root));

        Posix.Rename(elsewhere, _models.Root);
        await AssertBystanderAsync(cache);
        (await cache.PullAsync(_models.Reference, null, Cancellation)).Dispose();
        StoreAudit.AssertWhole(_models.Root);
    }

    /// <summary>Nobody can tell an empty directory from a new one: a start makes a store of it, and the old one is untouched.</summary>
    [Fact]
    [Trait("Category", "Full")]
    public async Task Store_AnEmptyDirectoryIsMountedOverItBetweenTwoStarts_IsMadeAnewAndTheOldOneIsUntouched()
    {
        Volume.SkipUnlessAllowed();
        await PullBystanderAsync(_models.Root);
        using (var hiding = Volume.Over(_models.Root))
        {
            using (var other = Open(_models.Root))
            {
                Assert.Empty(other.List());
                (await other.PullAsync(_models.Reference, null, Cancellation)).Dispose();
            }
            StoreAudit.AssertWhole(_models.Root);
        }

        using var cache = Open(_models.Root);
        StoreAudit.AssertWhole(_models.Root);
        Assert.Null(cache.Find(_models.Reference));
        await AssertBystanderAsync(cache);
    }

    public void Dispose() => _models.Dispose();

    private static ModelCache Open(string store) => new(new ModelCacheOptions { StorePath = store });

    /// <summary>A server that sends a body of so many MiB and tells its length only at its end.</summary>
    private static ScriptedHttpServer WithoutLength(int blocks) =>
        new(async exchange =>
        {
            await exchange.SendHeadAsync(200, null, "ETag: \"v1\"", "Transfer-Encoding: chunked");
            for (var i = 0; i < blocks && !exchange.IsHead; i++)
            {
                await exchange.SendAsync("100000\r\n");
                await exchange.SendBodyAsync(TestBytes.Block(1 << 20, i));
                await exchange.SendAsync("\r\n");
            }
            if (!exchange.IsHead)
                await exchange.SendAsync("0\r\n\r\n");
        });

    private async Task PullBystanderAsync(string store)
    {
        using var cache = Open(store);
        (await cache.PullAsync(_models.BystanderReference, null, Cancellation)).Dispose();
        // Where room is short it would be evicted, which is another matter.
        await cache.PinAsync(_models.BystanderReference, cancellationToken: Cancellation);
    }

    private async Task AssertBystanderAsync(ModelCache cache)
    {
        using var snapshot = await cache.PullAsync(_models.BystanderReference, null, Cancellation);
        Assert.Equal(PullOutcome.Hit, snapshot.Outcome);
        Assert.Empty(TwoModels.Wrong(snapshot.Path, TwoModels.Bystander));
    }

    /// <summary>Whatever would make, remove or count something says that the store cannot be used.</summary>
    private async Task AssertRefusesAsync(ModelCache cache)
    {
        foreach (var reference in (ModelReference[])[_models.BystanderReference, _models.Reference])
            Assert.Contains(
                Refused,
                (
                    await Assert.ThrowsAsync<StoreException>(() => cache.PullAsync(reference, null, Cancellation))
                ).Message,
                StringComparison.Ordinal
            );
        await Assert.ThrowsAsync<StoreException>(() => cache.ClearAsync(null, Cancellation));
        Assert.Throws<StoreException>(() => cache.List());
        Assert.Throws<StoreException>(() => cache.GetStatistics());
        await Assert.ThrowsAsync<StoreException>(() => cache.SweepAsync(Cancellation));
    }
}
