using Larder.Content;
using Larder.Origins;
using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Transfer;

/// <summary>Connections that bring something, and far too little.</summary>
public sealed class SlowOriginTests : IDisposable
{
    private const int Block = FileAssembly.BlockSizeBytes;

    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private readonly FakeOrigin _origin = new() { HasRanges = true };
    private readonly ConnectionRates _rates = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_FarBehindTheOthers_AsksForTheRestAgain()
    {
        var bytes = TestBytes.Of(3 * Block);
        _origin.Put("model.onnx", bytes);
        AddConnection(bytesPerSecond: 10_000_000);
        var opened = 0;
        _origin.SendsPartInstead = (part, all) =>
            Task.FromResult<Stream>(
                // The first is quick for a block, and then gives a thousand bytes a second.
                new SlowStream(
                    all.AsMemory((int)part.Offset, (int)part.Length),
                    quick: opened++ == 0 ? Block : int.MaxValue,
                    atOnce: 1000,
                    _time
                )
            );

        await FetchAsync(bytes, leastBytesPerSecond: 0);

        Assert.Equal([null, new ByteRange(Block, 2 * Block)], _origin.Ranges);
    }

    [Fact]
    public async Task RunAsync_LessThanABlockHasCome_IsReportedAndNotCountedTwice()
    {
        var bytes = TestBytes.Of(3 * Block);
        _origin.Put("model.onnx", bytes);
        AddConnection(bytesPerSecond: 10_000_000);
        var opened = 0;
        _origin.SendsPartInstead = (part, all) =>
            Task.FromResult<Stream>(
                new SlowStream(
                    all.AsMemory((int)part.Offset, (int)part.Length),
                    quick: opened++ == 0 ? Block : 0,
                    atOnce: opened == 1 ? 1000 : Block,
                    _time
                )
            );
        var reports = new List<TransferProgress>();

        await FetchAsync(bytes, leastBytesPerSecond: 0, new Reports(reports));

        Assert.Contains(Block + 1000, reports.Select(report => report.BytesDone));
        // What was asked for again came in whole blocks, each reported a second later; the end is for who ends it.
        Assert.Equal([Block, 2 * Block], reports.Select(report => report.BytesDone).TakeLast(2));
    }

    [Fact]
    public async Task RunAsync_StaysFarBehindHoweverOftenAsked_ComesToItsEndAllTheSame()
    {
        var bytes = TestBytes.Of(Block + 7);
        _origin.Put("model.onnx", bytes);
        AddConnection(bytesPerSecond: 10_000_000);
        _origin.SendsPartInstead = (part, all) =>
            Task.FromResult<Stream>(
                new SlowStream(all.AsMemory((int)part.Offset, (int)part.Length), quick: 0, atOnce: 50_000, _time)
            );

        await FetchAsync(bytes, leastBytesPerSecond: 0);

        Assert.Equal(4, _origin.Ranges.Count);
    }

    [Fact]
    public async Task RunAsync_Trickles_CountsAsBrokenOff()
    {
        var bytes = TestBytes.Of(Block);
        _origin.Put("model.onnx", bytes);
        _origin.SendsPartInstead = (part, all) =>
            Task.FromResult<Stream>(
                new SlowStream(all.AsMemory((int)part.Offset, (int)part.Length), quick: 0, atOnce: 10, _time)
            );

        var failure = await Assert.ThrowsAsync<OriginException>(() => FetchAsync(bytes, leastBytesPerSecond: 1000));

        Assert.Equal(OriginFailure.Unavailable, failure.Failure);
        Assert.Contains("no more than 10 bytes a second came for 30 s", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private void AddConnection(int bytesPerSecond) => _rates.Add().Add(bytesPerSecond, TimeSpan.FromSeconds(1));

    private async Task FetchAsync(byte[] bytes, long leastBytesPerSecond, IProgress<TransferProgress>? progress = null)
    {
        var file = (await _origin.ListAsync(FakeOrigin.Reference(), Cancellation)).Files.Single();
        using var handle = File.OpenHandle(_directory["file"], FileMode.CreateNew, FileAccess.ReadWrite);
        using var assembly = new FileAssembly(handle, bytes.Length, new PlatformHash());
        var context = new TransferContext(
            new TransferSettings(1, TimeSpan.FromSeconds(60), 0) { LeastBytesPerSecond = leastBytesPerSecond },
            new BandwidthLimit(_time),
            _time
        );
        var fetch = new RangedFetch(
            _origin,
            FakeOrigin.Reference(),
            file,
            assembly,
            context,
            new RetryBudget(0, _time),
            new ProgressMeter(1, bytes.Length, progress, _time).Begin(file.Path, bytes.Length)
        );

        var isComplete = await fetch.RunAsync(
            assembly.TryTake(int.MaxValue)!,
            FetchMode.Part,
            new Connection(_rates.Add()),
            Cancellation
        );

        Assert.True(isComplete);
        Assert.Equal(Digest.Of(bytes), assembly.Finish().Digest);
    }

    /// <summary>Takes a second for each read behind the first bytes.</summary>
    private sealed class SlowStream(ReadOnlyMemory<byte> bytes, int quick, int atOnce, ManualTimeProvider time)
        : MemoryStream(bytes.ToArray(), writable: false)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position < quick)
                return base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, quick - Position)], cancellationToken);
            time.Advance(TimeSpan.FromSeconds(1));
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, atOnce)], cancellationToken);
        }
    }
}
