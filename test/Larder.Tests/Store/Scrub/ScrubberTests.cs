using System.Diagnostics.Metrics;
using System.Globalization;
using Larder.Store.Scrub;
using Larder.TestKit;

namespace Larder.Tests.Store.Scrub;

/// <summary>What falls due runs on the test's own thread: after each step of the clock the scrub has done what it may.</summary>
public sealed class ScrubberTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly TestStore _store;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _read = [];
    private Task _scrub = Task.CompletedTask;

    public ScrubberTests() => _store = new TestStore(time: _time);

    private string PositionPath => Path.Combine(_store.Layout.Usage, "scrub.json");

    [Fact]
    public async Task RunAsync_BlobsOfASecondEach_ReadsOneASecondInTheOrderOfDigests()
    {
        var blobs = await PullAsync(4, 1000);

        Start(1000);
        Assert.Empty(_read);
        _time.Advance(Scrubber.StartDelay);
        for (var i = 1; i <= 4; i++)
        {
            Assert.Equal(blobs[..i], _read);
            _time.Advance(Second / 2);
            Assert.Equal(i, _read.Count);
            _time.Advance(Second / 2);
        }
    }

    [Fact]
    public async Task RunAsync_LargeBlob_IsSlowWithinTheBlobToo()
    {
        const int block = BlockChecksums.BlockSizeBytes;
        _store.Origin.Put("model.onnx", TestBytes.Of(4 * block));
        await _store.PullAndReleaseAsync();

        Start(block);
        _time.Advance(Scrubber.StartDelay);

        for (var i = 1; i <= 4; i++)
        {
            Assert.Equal(i, _read.Count);
            _time.Advance(Second);
        }
    }

    [Fact]
    public async Task RunAsync_PassIsDone_RestsForThePause()
    {
        await PullAsync(2, 1000);
        Start(1000);
        _time.Advance(Scrubber.StartDelay);
        Steps(2, Second);
        Assert.Equal(2, _read.Count);

        Steps((7 * 24) - 1, TimeSpan.FromHours(1));
        Assert.Equal(2, _read.Count);

        Steps(1, TimeSpan.FromHours(1));
        Assert.Equal(3, _read.Count);
    }

    [Fact]
    public async Task RunAsync_StartedAgain_GoesOnWhereItWas()
    {
        var blobs = await PullAsync(4, 1000);
        Start(1000);
        _time.Advance(Scrubber.StartDelay);
        Steps(2, Second);
        await StopAsync();
        _read.Clear();

        using var stop = new CancellationTokenSource();
        Start(1000, stop.Token);
        _time.Advance(Scrubber.StartDelay);
        Steps(3, Second);

        // The third was not finished.
        Assert.Equal(blobs[2..], _read.Distinct(StringComparer.Ordinal));
        await stop.CancelAsync();
    }

    [Fact]
    public async Task RunAsync_StartedAgainDuringThePause_GoesOnResting()
    {
        await PullAsync(1, 1000);
        Start(1000);
        _time.Advance(Scrubber.StartDelay);
        Steps(2, Second);
        await StopAsync();
        _read.Clear();

        using var stop = new CancellationTokenSource();
        Start(1000, stop.Token);
        _time.Advance(Scrubber.StartDelay);
        Steps(100, TimeSpan.FromHours(1));

        Assert.Empty(_read);
        await stop.CancelAsync();
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("""{"last":"xyz","completed":null}""")]
    [InlineData("""{"last":null,"completed":"2999-01-01T00:00:00Z"}""")]
    public async Task RunAsync_PositionCannotBeBelieved_BeginsAnew(string text)
    {
        await PullAsync(1, 1000);
        await File.WriteAllTextAsync(PositionPath, text, TestContext.Current.CancellationToken);

        Start(1000);
        _time.Advance(Scrubber.StartDelay);

        Assert.Single(_read);
    }

    [Fact]
    public async Task RunAsync_TwoServers_TakeTurns()
    {
        await PullAsync(2, 1000);
        using var stop = new CancellationTokenSource();
        var other = new List<string>();
        using var cache = _store.Open();
        cache.ReadBytes = (path, file, buffer, offset) =>
        {
            other.Add(path);
            return RandomAccess.Read(file, buffer, offset);
        };
        Start(1000);
        _time.Advance(Second);
        _ = cache.ScrubAsync(new ScrubOptions { BytesPerSecond = 1000 }, stop.Token);
        _time.Advance(Scrubber.StartDelay);
        Steps(1, Second);
        Assert.NotEmpty(_read);
        Assert.Empty(other);

        // The first is gone in the middle of its pass; the other goes on when it looks again.
        await StopAsync();
        _time.Advance(Scrubber.RetryInterval);
        _time.Advance(Second);

        Assert.NotEmpty(other);
        await stop.CancelAsync();
    }

    [Fact]
    public async Task RunAsync_DamagedBlob_IsQuarantinedWarnedOfAndCounted()
    {
        var blobs = await PullAsync(3, 1000);
        Tamper.Bit(blobs[1], 99);
        long damaged = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, one) =>
            {
                if (instrument.Name == "larder.store.damaged")
                    one.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref damaged, count));
        listener.Start();

        Start(1000);
        _time.Advance(Scrubber.StartDelay);
        Steps(6, Second);

        Assert.False(File.Exists(blobs[1]));
        Assert.True(File.Exists(blobs[0]) && File.Exists(blobs[2]));
        var warning = Assert.Single(_store.Log.Warnings, IsFinding);
        Assert.Contains(blobs[1], warning, StringComparison.Ordinal);
        Assert.Contains("fake://origin/model/", warning, StringComparison.Ordinal);
        // Other tests count too.
        Assert.True(Interlocked.Read(ref damaged) >= 1);
        await _store.PullAndReleaseAsync();
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task RunAsync_BlobThatCannotBeRead_IsWarnedOfAndTheNextIsRead()
    {
        var blobs = await PullAsync(2, 1000);
        Start(1000, disk: path => path == blobs[0] ? throw new IOException("Input/output error", 5) : 0);

        _time.Advance(Scrubber.StartDelay);

        Assert.Contains(blobs[0], Assert.Single(_store.Log.Warnings, IsFinding), StringComparison.Ordinal);
        Assert.Equal([blobs[1]], _read);
        Assert.True(File.Exists(blobs[0]));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // It writes down how far it came.
        await _scrub.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _store.Dispose();
    }

    private static bool IsFinding(string warning) => warning.StartsWith("The scrub found", StringComparison.Ordinal);

    /// <summary>Stores so many files of that size and returns their blobs in the order of digests.</summary>
    private async Task<string[]> PullAsync(int count, int sizeBytes)
    {
        for (var i = 0; i < count; i++)
            _store.Origin.Put(i.ToString(CultureInfo.InvariantCulture), TestBytes.Of(sizeBytes, seed: i));
        await _store.PullAndReleaseAsync();
        return [.. TestStore.Files(_store.Layout.Blobs)];
    }

    /// <summary>Starts a scrub that notes each read that gives bytes.</summary>
    private void Start(long bytesPerSecond, CancellationToken? stop = null, Func<string, int>? disk = null)
    {
        _store.Cache.ReadBytes = (path, file, buffer, offset) =>
        {
            disk?.Invoke(path);
            var count = RandomAccess.Read(file, buffer, offset);
            if (count > 0)
                _read.Add(path);
            return count;
        };
        _scrub = _store.Cache.ScrubAsync(new ScrubOptions { BytesPerSecond = bytesPerSecond }, stop ?? _stop.Token);
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _scrub);
    }

    private void Steps(int count, TimeSpan step)
    {
        for (var i = 0; i < count; i++)
            _time.Advance(step);
    }
}
