using System.Diagnostics;
using Larder.Content;
using Larder.Origins;
using Larder.Store;
using Larder.TestKit;
using Larder.Transfer;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Tests.Transfer;

public sealed partial class DownloaderTests(ITestOutputHelper output) : IDisposable
{
    private readonly TestStore _store = new();
    private readonly ImpatientTimeProvider _time = new();

    [Fact]
    public async Task RunAsync_ManyFiles_FetchesNoMoreAtOnceThanItMay()
    {
        for (var i = 0; i < 9; i++)
            _store.Origin.Put($"file{i}", TestBytes.Of(10, i));
        var now = 0;
        _store.Origin.SendsInstead = async file =>
        {
            Assert.InRange(Interlocked.Increment(ref now), 1, 2);
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return new MemoryStream(new byte[10]);
        };

        var result = await RunAsync(connections: 2);

        Assert.Equal((9, 90L), (result.FilesFetched, result.BytesFetched));
    }

    [Fact]
    public async Task RunAsync_BodyOfManyBuffers_ArrivesWhole()
    {
        var bytes = TestBytes.Of((5 << 20) + 17);
        _store.Origin.Put("model.onnx", bytes);

        var result = await RunAsync();

        Assert.Equal(Digest.Of(bytes), Assert.Single(result.Staged).Key);
        Assert.Equal(Digest.Of(bytes), Assert.Single(result.Manifest.Files).Digest);
    }

    [Fact]
    public async Task RunAsync_EmptyFile_IsAFileToo()
    {
        _store.Origin.Put("empty", []);

        Assert.Equal(0, Assert.Single((await RunAsync()).Manifest.Files).SizeBytes);
    }

    [Fact]
    public async Task RunAsync_BlobInTheStore_IsLinkedAndNotFetched()
    {
        _store.Origin.Put("model.onnx", TestBytes.Of(100), tellsDigest: true);
        await _store.PullAndReleaseAsync();
        _store.Origin.SendsInstead = _ => throw new InvalidOperationException("It is there already.");

        Assert.Equal(0, (await RunAsync()).FilesFetched);
    }

    [Fact]
    public async Task RunAsync_DiskFillsUp_SaysNoRoomAndLeavesNothing()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("CI") == "true",
            "it mounts a small file system, as CI may"
        );
        var disk = Directory.CreateDirectory(_store["disk"]).FullName;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=4m", "none", disk), "this user may not mount");
        try
        {
            // Of unknown length, so that the disk is full in the middle and not before the first byte.
            _store.Origin.ListsInstead = () => [new OriginFile("model.onnx", null, "v1")];
            _store.Origin.SendsInstead = _ => Task.FromResult<Stream>(new MemoryStream(new byte[8 << 20]));
            var root = Path.Join(disk, "store");
            using var cache = new ModelCache(new ModelCacheOptions { StorePath = root }, [_store.Origin]);

            var full = await Assert.ThrowsAsync<NoRoomException>(() =>
                cache.PullAsync(_store.Reference, cancellationToken: TestContext.Current.CancellationToken)
            );

            Assert.Contains("No room in the store", full.Message, StringComparison.Ordinal);
            StoreAudit.AssertEmpty(root);
        }
        finally
        {
            Run("umount", disk);
        }
    }

    public void Dispose() => _store.Dispose();

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private async Task<TransferResult> RunAsync(
        int connections = 4,
        int retries = 0,
        IProgress<TransferProgress>? progress = null
    )
    {
        using var store = _store.OpenStore();
        using var staging = await store.NewStagingAreaAsync(TestContext.Current.CancellationToken);
        var listing = await _store.Origin.ListAsync(_store.Reference, TestContext.Current.CancellationToken);
        var plan = TransferPlan.Create(_store.Reference, listing, previous: null);
        using var room = await StagingRoom.ReserveAsync(
            store,
            staging,
            plan,
            new Dictionary<Digest, string>(),
            TestContext.Current.CancellationToken
        );
        using var layers = new StoreLayers(store, lower: null, NullLogger.Instance);
        var downloader = new Downloader(
            store,
            layers,
            new TransferContext(
                new TransferSettings(connections, TimeSpan.FromSeconds(60), retries),
                new BandwidthLimit(_time),
                _time
            )
        );
        return await downloader.RunAsync(
            _store.Origin,
            _store.Reference,
            plan,
            staging,
            room,
            new Dictionary<Digest, string>(),
            progress,
            TestContext.Current.CancellationToken
        );
    }
}
