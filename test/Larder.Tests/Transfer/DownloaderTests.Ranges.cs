using Larder.Content;
using Larder.Origins;
using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Transfer;

/// <summary>Files in parts, over several connections, and what breaks off.</summary>
public sealed partial class DownloaderTests
{
    private const int Block = FileAssembly.BlockSizeBytes;
    private const int Size = (33 * Block) + 17;

    [Fact]
    public async Task PullAsync_ListingFailsForAMoment_IsAskedForAgain()
    {
        var origin = new ForgetfulOrigin(_store.Origin.Put("model.onnx", [1, 2, 3]), failures: 2);
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = _store.Root }, [origin], _time);

        using var snapshot = await cache.PullAsync(
            _store.Reference,
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(3, origin.Listings);
        Assert.Equal(2, _time.Waits.Count(wait => wait < TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task RunAsync_OneLargeFile_ComesOverAllConnectionsInPartsThatAreItsWhole()
    {
        var bytes = PutLarge();
        var together = new TaskCompletionSource();
        var asked = 0;
        _store.Origin.SendsPartInstead = async (part, all) =>
        {
            // Nobody is answered before all have asked, or one connection could do it all.
            if (Interlocked.Increment(ref asked) == 3)
                together.SetResult();
            await together.Task;
            return await Part(part, all);
        };

        var result = await RunAsync(connections: 3);

        Assert.Equal(Digest.Of(bytes), Assert.Single(result.Manifest.Files).Digest);
        Assert.Equal((1, Size), (result.FilesFetched, result.BytesFetched));
        AssertAskedOnce();
    }

    [Fact]
    public async Task RunAsync_MoreFilesThanConnections_AreOneRequestEach()
    {
        _store.Origin.HasRanges = true;
        for (var i = 0; i < 3; i++)
            _store.Origin.Put($"file{i}", TestBytes.Of(Size, i));

        await RunAsync(connections: 1);

        Assert.Equal([null, null, null], _store.Origin.Ranges);
    }

    /// <summary>Whoever comes to the end of his part first, the file ends where it ends.</summary>
    [Fact]
    public async Task RunAsync_HelperTakesTheEndOfAFileThatIsUnderWay_ItIsWhole()
    {
        var bytes = PutLarge();
        _store.Origin.Put("small", [1]);
        var helped = new TaskCompletionSource();
        _store.Origin.SendsPartInstead = (part, all) =>
            Task.FromResult<Stream>(
                part.Length == Size
                    ? new ObservedStream(part, all, before: helped.Task)
                    : new ObservedStream(part, all, atEnd: part.Offset + part.Length == Size ? helped : null)
            );

        var result = await RunAsync(connections: 2);

        Assert.Equal(Digest.Of(bytes), Assert.Single(result.Manifest.Files, file => file.Path == "model.onnx").Digest);
        Assert.Equal(2, _store.Origin.Ranges.Count(range => range is not null));
    }

    [Fact]
    public async Task RunAsync_RandomFilesConnectionsAndBreaks_AreAlwaysTheFiles()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 12; round++)
        {
            var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                var size = random.Next(3) == 0 ? random.Next(100) : random.Next(20 * Block);
                files[$"{round}-{i}"] = TestBytes.Of(size, seed + i);
                _store.Origin.HasRanges = random.Next(4) > 0;
                _store.Origin.Put($"{round}-{i}", files[$"{round}-{i}"]);
            }
            var luck = new Random(random.Next());
            _store.Origin.SendsPartInstead = (part, all) =>
            {
                lock (luck)
                {
                    return luck.Next(5) == 0 && part.Length > 0
                        ? Task.FromResult<Stream>(
                            new BrokenStream(all.AsMemory((int)part.Offset, luck.Next((int)part.Length)))
                        )
                        : Part(part, all);
                }
            };

            var result = await RunAsync(connections: random.Next(1, 6), retries: 100);

            Assert.Equal(
                files.Select(file => (file.Key, Digest.Of(file.Value))).Order(),
                result.Manifest.Files.Select(file => (file.Path, file.Digest)).Order()
            );
            foreach (var path in files.Keys)
                _store.Origin.Remove(path);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block)]
    [InlineData((3 * Block) + 5)]
    [InlineData(Size - 1)]
    public async Task RunAsync_BreaksOff_GoesOnAtThatBlock(int at)
    {
        var bytes = PutLarge();
        var isFirst = true;
        _store.Origin.SendsPartInstead = (part, all) =>
        {
            var length = isFirst ? Math.Min(part.Length, at) : part.Length;
            isFirst = false;
            return Part(part with { Length = length }, all);
        };

        var result = await RunAsync(connections: 1, retries: 1);

        Assert.Equal(Digest.Of(bytes), Assert.Single(result.Manifest.Files).Digest);
        var blocks = at / Block * (long)Block;
        Assert.Equal([null, at < Block ? null : new ByteRange(blocks, Size - blocks)], _store.Origin.Ranges);
        // A quarter of a second, half as long to half again.
        Assert.InRange(Assert.Single(_time.Waits), TimeSpan.FromMilliseconds(125), TimeSpan.FromMilliseconds(375));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_ConnectionIsResetBehindTheLastByte_ItIsWhole(bool hasRanges)
    {
        var bytes = TestBytes.Of(3 * Block);
        _store.Origin.HasRanges = hasRanges;
        _store.Origin.Put("model.onnx", bytes);
        _store.Origin.SendsPartInstead = (_, all) => Task.FromResult<Stream>(new BrokenStream(all));

        var result = await RunAsync(retries: 3);

        Assert.Equal(Digest.Of(bytes), Assert.Single(result.Manifest.Files).Digest);
        Assert.Single(_store.Origin.Ranges);
    }

    [Fact]
    public async Task RunAsync_NothingArrivesAnyMore_AsksSoOftenAndNoMore()
    {
        PutLarge();
        _store.Origin.SendsPartInstead = (_, _) => Task.FromResult<Stream>(new MemoryStream());

        var failure = await Assert.ThrowsAsync<OriginException>(() => RunAsync(connections: 1, retries: 4));

        Assert.Contains($"broke off after 0 of {Size} bytes", failure.Message, StringComparison.Ordinal);
        Assert.Equal((5, 4), (_store.Origin.Ranges.Count, _time.Waits.Count));
        // Each wait is twice as long as the one before, give or take a half.
        Assert.InRange(_time.Waits[3], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task RunAsync_BreaksOffAgainAndAgainAndSomethingArrives_ComesToItsEnd()
    {
        var bytes = PutLarge();
        _store.Origin.SendsPartInstead = (part, all) =>
            Part(part with { Length = Math.Min(part.Length, 16 * Block) }, all);

        var result = await RunAsync(connections: 1, retries: 1);

        Assert.Equal(Digest.Of(bytes), Assert.Single(result.Manifest.Files).Digest);
        Assert.Equal(3, _store.Origin.Ranges.Count);
    }

    [Fact]
    public async Task RunAsync_OriginWithoutPartsBreaksOff_StartsOver()
    {
        var bytes = TestBytes.Of(Size);
        _store.Origin.Put("model.onnx", bytes);
        var failures = 2;
        _store.Origin.SendsPartInstead = (part, all) =>
            Task.FromResult<Stream>(
                failures-- > 0 ? new BrokenStream(all.AsMemory(0, 5 * Block)) : new MemoryStream(all)
            );
        var reports = new List<TransferProgress>();

        var result = await RunAsync(connections: 3, retries: 2, progress: new Reports(reports));

        Assert.Equal(Digest.Of(bytes), Assert.Single(result.Manifest.Files).Digest);
        Assert.Equal([null, null, null], _store.Origin.Ranges);
        Assert.Equal(Size, reports[^1].BytesDone);
    }

    [Fact]
    public async Task RunAsync_OriginSendsAllForAPart_IsFetchedWhole()
    {
        var bytes = PutLarge();
        _store.Origin.SendsPartInstead = (part, all) =>
            part.Length < Size
                ? throw new OriginException(OriginFailure.NoRanges, "fake://origin/", "All of it was sent.")
                : Task.FromResult<Stream>(new MemoryStream(all));

        var result = await RunAsync(connections: 3);

        Assert.Equal(Digest.Of(bytes), Assert.Single(result.Manifest.Files).Digest);
        Assert.Single(_store.Origin.Ranges, part => part is null);
    }

    [Fact]
    public async Task RunAsync_RefusedInTheMiddle_AsksOnceMore()
    {
        var bytes = PutLarge();
        var calls = 0;
        _store.Origin.SendsPartInstead = (part, all) =>
            ++calls switch
            {
                1 => Task.FromResult<Stream>(new BrokenStream(all.AsMemory(0, 5 * Block))),
                2 => throw Refusal(OriginFailure.Denied),
                _ => Part(part, all),
            };

        var result = await RunAsync(connections: 1, retries: 5);

        Assert.Equal(Digest.Of(bytes), Assert.Single(result.Manifest.Files).Digest);
    }

    [Theory]
    [InlineData(OriginFailure.Denied)]
    [InlineData(OriginFailure.NotFound)]
    [InlineData(OriginFailure.Changed)]
    [InlineData(OriginFailure.Broken)]
    public async Task RunAsync_AnswerThatWillNotChange_IsNotAskedForAgain(OriginFailure why)
    {
        PutLarge();
        _store.Origin.SendsPartInstead = (_, _) => throw Refusal(why);

        var failure = await Assert.ThrowsAsync<OriginException>(() => RunAsync(connections: 1, retries: 5));

        Assert.Equal(why, failure.Failure);
        Assert.Single(_store.Origin.Ranges);
    }

    [Theory]
    [InlineData(7, 2)]
    [InlineData(120, 2)]
    [InlineData(121, 1)]
    public async Task RunAsync_OriginWantsToBeLeftAlone_WaitsSoLongOrGivesUp(int seconds, int calls)
    {
        PutLarge();
        _store.Origin.SendsPartInstead = (part, all) =>
            _store.Origin.Ranges.Count == 1
                ? throw new OriginException(OriginFailure.Unavailable, "fake://origin/", "Busy.")
                {
                    RetryAfter = TimeSpan.FromSeconds(seconds),
                }
                : Part(part, all);

        var outcome = await Record.ExceptionAsync(() => RunAsync(connections: 1, retries: 5));

        Assert.Equal(calls, _store.Origin.Ranges.Count);
        Assert.Equal(calls == 1, outcome is OriginException);
        if (calls == 2)
            Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(_time.Waits));
    }

    private byte[] PutLarge()
    {
        var bytes = TestBytes.Of(Size);
        _store.Origin.HasRanges = true;
        _store.Origin.Put("model.onnx", bytes);
        return bytes;
    }

    private void AssertAskedOnce()
    {
        long end = 0;
        foreach (var range in _store.Origin.Ranges.OfType<ByteRange>().OrderBy(range => range.Offset))
        {
            Assert.Equal(end, range.Offset);
            Assert.InRange(range.Length, 1, 16 * Block);
            end += range.Length;
        }
        Assert.Equal(Size, end);
    }

    private static Task<Stream> Part(ByteRange part, byte[] all) =>
        Task.FromResult<Stream>(new MemoryStream(all, (int)part.Offset, (int)part.Length, writable: false));

    private static OriginException Refusal(OriginFailure why) => new(why, "fake://origin/", "No.");

    /// <summary>Bytes, and then a connection that was reset.</summary>
    private sealed class ForgetfulOrigin(FakeOrigin origin, int failures) : IOrigin
    {
        public string Name => origin.Name;

        public IReadOnlyList<string> Schemes => origin.Schemes;

        public int Listings { get; private set; }

        public Task<OriginListing> ListAsync(ModelReference reference, CancellationToken cancellationToken) =>
            ++Listings <= failures
                ? throw new OriginException(OriginFailure.Unavailable, reference.Text, "It is down for a moment.")
                : origin.ListAsync(reference, cancellationToken);

        public Task<Stream> OpenAsync(
            ModelReference reference,
            OriginFile file,
            ByteRange? range,
            CancellationToken cancellationToken
        ) => origin.OpenAsync(reference, file, range, cancellationToken);
    }

    private sealed class BrokenStream(ReadOnlyMemory<byte> bytes) : MemoryStream(bytes.ToArray(), writable: false)
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new IOException("Connection reset by peer");
        }
    }

    /// <summary>A part that is not sent before something has happened, or that tells when all of it was read.</summary>
    private sealed class ObservedStream(
        ByteRange part,
        byte[] all,
        Task? before = null,
        TaskCompletionSource? atEnd = null
    ) : MemoryStream(all, (int)part.Offset, (int)part.Length, writable: false)
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            if (before is not null)
                await before.WaitAsync(cancellationToken);
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (Position == Length)
                atEnd?.TrySetResult();
            return read;
        }
    }
}
