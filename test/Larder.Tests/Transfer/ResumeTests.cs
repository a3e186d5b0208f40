using System.Globalization;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store.Partial;
using Larder.Store.Scrub;
using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Transfer;

/// <summary>A transfer that broke off, and the next one of the same model.</summary>
public sealed class ResumeTests(ITestOutputHelper output) : IDisposable
{
    private const int Block = FileAssembly.BlockSizeBytes;
    private const int Range = RangedFetch.BlocksAtOnce * Block;

    private readonly TestStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(99)]
    public async Task PullAsync_BrokeOff_FetchesNoMoreThanWasMissingAndOneRange(int percent)
    {
        var bytes = TestBytes.Of((40 * Block) + 77);
        var delivered = bytes.Length / 100L * percent;
        _store.Origin.HasRanges = true;
        _store.Origin.Put("model.onnx", bytes);
        await BreakOffAsync(delivered);
        _store.Origin.SendsPartInstead = null;

        using var snapshot = await _store.PullAsync();

        await AssertHoldsAsync(snapshot, "model.onnx", bytes);
        Assert.InRange(snapshot.BytesFetched, 1, bytes.Length - delivered + Range);
        Assert.Equal(0, _store.Cache.GetStatistics().PartialBytes);
        snapshot.Dispose();
        StoreAudit.AssertWhole(_store.Root);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PullAsync_BrokeOffBetweenFiles_FetchesNoneAgainThatWasComplete(bool hasRanges)
    {
        _store.Origin.HasRanges = hasRanges;
        for (var i = 0; i < 10; i++)
            _store.Origin.Put(Name(i), TestBytes.Of(1000 + i, seed: i));
        using (var cache = OpenWithOneConnection())
        {
            _store.Origin.SendsInstead = file =>
                file.Path == Name(6)
                    ? throw Down()
                    : Task.FromResult<Stream>(new MemoryStream(TestBytes.Of((int)file.SizeBytes!, Number(file.Path))));
            await Assert.ThrowsAsync<OriginException>(() => PullAsync(cache));
        }
        var before = _store.Origin.Opened.Count;

        _store.Origin.SendsInstead = null;
        using var snapshot = await _store.PullAsync();

        Assert.Equal(
            Enumerable.Range(6, 4).Select(Name),
            _store.Origin.Opened.Skip(before).Order(StringComparer.Ordinal)
        );
        Assert.Equal(4, snapshot.FilesFetched);
        for (var i = 0; i < 10; i++)
            await AssertHoldsAsync(snapshot, Name(i), TestBytes.Of(1000 + i, seed: i));
        snapshot.Dispose();
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task PullAsync_BlockWasDamagedMeanwhile_FetchesItAgain()
    {
        var bytes = TestBytes.Of(20 * Block);
        _store.Origin.HasRanges = true;
        _store.Origin.Put("model.onnx", bytes);
        await BreakOffAsync(10 * Block);
        var left = Assert.Single(TestStore.Files(_store.Layout.Partial), path => !IsJournal(path));
        Tamper.Bit(left, 5);

        _store.Origin.SendsPartInstead = null;
        using var snapshot = await _store.PullAsync();

        await AssertHoldsAsync(snapshot, "model.onnx", bytes);
    }

    [Fact]
    public async Task PullAsync_AnotherVersionMeanwhile_TakesNothingOfTheOldOne()
    {
        _store.Origin.HasRanges = true;
        _store.Origin.Put("model.onnx", TestBytes.Of(20 * Block));
        await BreakOffAsync(10 * Block);
        var bytes = TestBytes.Of(20 * Block, seed: 2);
        _store.Origin.Put("model.onnx", bytes);

        _store.Origin.SendsPartInstead = null;
        using var snapshot = await _store.PullAsync();

        await AssertHoldsAsync(snapshot, "model.onnx", bytes);
        Assert.Equal(bytes.Length, snapshot.BytesFetched);
        snapshot.Dispose();
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task PullAsync_BytesWereNotThosePromised_KeepsNothingOfThem()
    {
        var bytes = TestBytes.Of(3 * Block);
        _store.Origin.HasRanges = true;
        _store.Origin.Put("model.onnx", bytes, tellsDigest: true);
        _store.Origin.SendsPartInstead = (part, all) =>
        {
            var wrong = all.ToArray();
            wrong[2 * Block] ^= 1;
            return Task.FromResult<Stream>(new MemoryStream(wrong, (int)part.Offset, (int)part.Length));
        };
        await Assert.ThrowsAsync<IntegrityException>(() => _store.PullAsync());

        _store.Origin.SendsPartInstead = null;
        using var snapshot = await _store.PullAsync();

        await AssertHoldsAsync(snapshot, "model.onnx", bytes);
    }

    [Fact]
    public async Task PullAsync_JournalIsAnythingElse_GivesTheFiles()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        _store.Origin.HasRanges = true;
        for (var turn = 0; turn < 20; turn++)
        {
            var bytes = TestBytes.Of((6 * Block) + turn, seed + turn);
            _store.Origin.Put("model.onnx", bytes);
            await BreakOffAsync(3 * Block, refresh: true);
            var journal = Assert.Single(TestStore.Files(_store.Layout.Partial), IsJournal);
            var text = await File.ReadAllBytesAsync(journal, Cancellation);
            if (turn % 2 == 0)
                text = text[..random.Next(text.Length)];
            else
                for (var i = 0; i < 1 + random.Next(30); i++)
                    text[random.Next(text.Length)] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(journal, text, Cancellation);

            _store.Origin.SendsPartInstead = null;
            using var snapshot = await _store.PullAsync(new PullOptions { Refresh = true });

            await AssertHoldsAsync(snapshot, "model.onnx", bytes);
            Directory.Delete(_store.Layout.Partial, recursive: true);
            Directory.CreateDirectory(_store.Layout.Partial);
        }
    }

    [Fact]
    public async Task GetStatistics_BrokeOff_TellsWhatIsLeftUntilItIsCleared()
    {
        _store.Origin.HasRanges = true;
        _store.Origin.Put("model.onnx", TestBytes.Of(8 * Block));
        await BreakOffAsync(4 * Block);

        Assert.InRange(_store.Cache.GetStatistics().PartialBytes, 4 * Block, (8 * Block) + 100_000);
        var cleared = await _store.Cache.ClearAsync(_store.Reference, Cancellation);

        Assert.InRange(cleared.FreedBytes, 4 * Block, (8 * Block) + 100_000);
        Assert.Equal(0, _store.Cache.GetStatistics().PartialBytes);
    }

    [Fact]
    public async Task PullAsync_NoRoomBesideWhatIsLeft_RemovesThatFirst()
    {
        _store.Origin.HasRanges = true;
        _store.Origin.Put("model.onnx", TestBytes.Of(1000));
        (await _store.PullAsync()).Dispose();
        _store.Origin.Put("model.onnx", TestBytes.Of(8 * Block));
        await BreakOffAsync(4 * Block, refresh: true);
        using var small = new ModelCache(
            new ModelCacheOptions { StorePath = _store.Root, CapacityBytes = 12 * Block },
            [_store.Origin],
            _store.Time,
            _store.Log
        );
        _store.Origin.SendsPartInstead = null;
        _store.Origin.Put("model.onnx", TestBytes.Of(7 * Block, seed: 3));

        (await small.PullAsync(FakeOrigin.Reference("other"), cancellationToken: Cancellation)).Dispose();

        Assert.Equal(0, small.GetStatistics().PartialBytes);
        Assert.Equal(2, small.List().Count);
    }

    [Fact]
    public async Task SweepAsync_LeftForAWeek_IsRemoved()
    {
        _store.Origin.HasRanges = true;
        _store.Origin.Put("model.onnx", TestBytes.Of(8 * Block));
        await BreakOffAsync(4 * Block);
        var journal = Assert.Single(TestStore.Files(_store.Layout.Partial), IsJournal);

        File.SetLastWriteTimeUtc(journal, (DateTimeOffset.UtcNow - PartialStore.MostAge).UtcDateTime.AddMinutes(5));
        await _store.Open().SweepAsync(Cancellation);
        Assert.NotEmpty(TestStore.Files(_store.Layout.Partial));
        File.SetLastWriteTimeUtc(journal, (DateTimeOffset.UtcNow - PartialStore.MostAge).UtcDateTime.AddMinutes(-5));
        await _store.Open().SweepAsync(Cancellation);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Layout.Partial));
    }

    [Fact]
    public async Task NewTransferAreaAsync_TwoAtOnce_OneHasWhatIsLeft()
    {
        _store.Origin.HasRanges = true;
        _store.Origin.Put("model.onnx", TestBytes.Of(8 * Block));
        await BreakOffAsync(4 * Block);
        var owner = PullRequest.KeyOf(_store.Reference).Digest;
        using var store = _store.OpenStore();

        using var one = await store.NewTransferAreaAsync(owner, Cancellation);
        using var other = await store.NewTransferAreaAsync(owner, Cancellation);

        Assert.Single(TestStore.Files(one.Path), path => !IsJournal(path));
        Assert.DoesNotContain(TestStore.Files(other.Path), path => !IsJournal(path));
    }

    [Fact]
    public async Task VerifyAsync_RepairOfOneBlock_FetchesThatBlock()
    {
        var bytes = TestBytes.Of((30 * Block) + 5);
        _store.Origin.HasRanges = true;
        _store.Origin.Put("model.onnx", bytes);
        (await _store.PullAsync()).Dispose();
        Tamper.Bit(_store.Layout.Blob(Digest.Of(bytes)), ((17L * Block) + 99) * 8);
        var before = _store.Origin.Ranges.Count;

        var report = await _store.Cache.VerifyAsync(null, new VerifyOptions { Repair = true }, Cancellation);

        Assert.Equal((1, 1), (report.Damaged, report.Repaired));
        Assert.Equal([new ByteRange(17 * Block, Block)], _store.Origin.Ranges.Skip(before));
        using var snapshot = await _store.PullAsync();
        await AssertHoldsAsync(snapshot, "model.onnx", bytes);
    }

    public void Dispose() => _store.Dispose();

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"part-{number}.bin");

    private static int Number(string name) => int.Parse(name.AsSpan("part-".Length, 1), CultureInfo.InvariantCulture);

    private static bool IsJournal(string path) => Path.GetFileName(path) == "journal";

    private static OriginException Down() => new(OriginFailure.Unavailable, "fake", "The origin went down.");

    private static async Task AssertHoldsAsync(Snapshot snapshot, string path, byte[] bytes) =>
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Join(snapshot.Path, path), Cancellation));

    private static Task<Snapshot> PullAsync(ModelCache cache) =>
        cache.PullAsync(FakeOrigin.Reference(), cancellationToken: Cancellation);

    private ModelCache OpenWithOneConnection() =>
        new(
            new ModelCacheOptions
            {
                StorePath = _store.Root,
                Connections = 1,
                Retries = 0,
            },
            [_store.Origin],
            _store.Time,
            _store.Log
        );

    /// <summary>Pulls from an origin that goes down for good as soon as it has sent so many bytes.</summary>
    private async Task BreakOffAsync(long bytes, bool refresh = false)
    {
        var left = new StrongBox(bytes);
        _store.Origin.SendsPartInstead = (part, all) =>
            left.Value <= 0
                ? throw Down()
                : Task.FromResult<Stream>(new RunningDry(all.AsMemory((int)part.Offset, (int)part.Length), left));
        // One connection, so that what was sent and written differs by no more than its buffers.
        using var cache = OpenWithOneConnection();
        await Assert.ThrowsAsync<OriginException>(() =>
            cache.PullAsync(_store.Reference, new PullOptions { Refresh = refresh, StaleIfError = false }, Cancellation)
        );
    }

    private sealed class StrongBox(long value)
    {
        public long Value { get; set; } = value;
    }

    private sealed class RunningDry(ReadOnlyMemory<byte> bytes, StrongBox left)
        : MemoryStream(bytes.ToArray(), writable: false)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (left.Value <= 0)
                throw new IOException("The connection was reset.");
            buffer = buffer[..(int)Math.Min(buffer.Length, left.Value)];
            left.Value -= buffer.Length;
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
