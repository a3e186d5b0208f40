using Larder.TestKit;

namespace Larder.Graphs.Tests;

public sealed class GraphCacheWarmTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("larder-warm").FullName;

    private string HistoryFile => Path.Combine(_folder, "state", "graphs.json");

    [Fact]
    public async Task WarmAsync_FreeRoom_LoadsInOrderAndCountsNoMiss()
    {
        await using var cache = Create(maxBytes: 100);

        var outcomes = await cache.WarmAsync([Wish.For(Keys.A, 40), Wish.For(Keys.B, 40)]);

        Assert.Equal([WarmOutcome.Loaded, WarmOutcome.Loaded], outcomes.Select(outcome => outcome.Outcome));
        Assert.Equal((0, 0, 2), (cache.Statistics.Misses, cache.Statistics.Hits, cache.Statistics.Entries));
        Assert.All(cache.ListGraphs(), graph => Assert.Equal((0, 0), (graph.Leases, graph.Uses)));
        Assert.True(cache.TryRent<FakeGraph>(Keys.A, out var lease));
        lease.Dispose();
    }

    [Fact]
    public async Task WarmAsync_NoFreeRoom_PushesNothingOutAndGoesOnWithSmallerOnes()
    {
        await using var cache = Create(maxBytes: 100);
        var idle = await cache.LoadAsync(Wish.For(Keys.A, 70));

        var outcomes = await cache.WarmAsync([Wish.For(Keys.A, 70), Wish.For(Keys.B, 40), Wish.For(Keys.C, 30)]);

        Assert.Equivalent(
            new GraphWarmth[]
            {
                new(Keys.A, WarmOutcome.AlreadyThere),
                new(Keys.B, WarmOutcome.NoRoom),
                new(Keys.C, WarmOutcome.Loaded),
            },
            outcomes,
            strict: true
        );
        Assert.False(idle.IsDisposed);
    }

    [Fact]
    public async Task WarmAsync_CallerWaitsForRoom_LeavesItToHim()
    {
        await using var cache = Create(maxBytes: 100);
        await using var lease = await cache.TakeAsync(Wish.For(Keys.A, 70));
        var waiting = cache.TakeAsync(Wish.For(Keys.B, 70));

        var outcome = Assert.Single(await cache.WarmAsync([Wish.For(Keys.C, 30)]));

        Assert.Equal(WarmOutcome.NoRoom, outcome.Outcome);
        lease.Dispose();
        (await waiting).Dispose();
    }

    [Fact]
    public async Task WarmAsync_OneLoadFails_TellsAndGoesOn()
    {
        await using var cache = Create();
        var failure = new InvalidDataException("The model is cut off.");
        var broken = new GraphRequest<FakeGraph>(Keys.A, (_, _) => throw failure);

        var outcomes = await cache.WarmAsync([broken, Wish.For(Keys.B)]);

        Assert.Equal((WarmOutcome.Failed, failure), (outcomes[0].Outcome, outcomes[0].Failure));
        Assert.Equal(WarmOutcome.Loaded, outcomes[1].Outcome);
        var again = Assert.Single(await cache.WarmAsync([broken]));
        Assert.IsType<GraphLoadException>(again.Failure);
    }

    [Fact]
    public async Task WarmAsync_Cancelled_EndsAndKeepsWhatIsThere()
    {
        await using var cache = Create();
        var load = new GatedLoad();
        using var cancellation = new CancellationTokenSource();
        var warming = cache.WarmAsync([Wish.For(Keys.A), Wish.Gated(Keys.B, load)], cancellation.Token);
        await load.Started;

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => warming);
        await load.Cancelled;
        Assert.Equal([Keys.A], cache.LoadedKeys());
    }

    [Fact]
    public async Task WarmAsync_AfterAnotherRun_TakesFirstWhatSavedMostTimeThere()
    {
        await using (var cache = Create(history: HistoryFile))
        {
            await cache.LoadAsync(Slow(Keys.A, seconds: 1));
            await cache.LoadAsync(Slow(Keys.B, seconds: 60));
            for (var i = 0; i < 5; i++)
                await cache.LoadAsync(Slow(Keys.C, seconds: 20));
        }
        _time.Advance(TimeSpan.FromHours(8));
        await using var next = Create(history: HistoryFile);

        var outcomes = await next.WarmAsync([
            Wish.For(Keys.D),
            Slow(Keys.A, seconds: 1),
            Slow(Keys.B, seconds: 60),
            Slow(Keys.C, seconds: 20),
        ]);

        Assert.Equal([Keys.C, Keys.B, Keys.A, Keys.D], outcomes.Select(outcome => outcome.Key));
    }

    [Fact]
    public async Task RentAsync_AfterAnotherRun_ReservesWhatWasMeasuredThere()
    {
        await using (var cache = Create(history: HistoryFile))
            await cache.LoadAsync(Wish.Measured(Keys.A, estimate: 10, bytes: 90));
        await using var next = Create(maxBytes: 80, history: HistoryFile);

        var refused = await Assert.ThrowsAsync<GraphTooLargeException>(() => next.TakeAsync(Wish.For(Keys.A, 10)));

        Assert.Equal(90, refused.Actual);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("null")]
    [InlineData("""{"format":2,"written":"2025-01-01T00:00:00Z","graphs":[]}""")]
    [InlineData(
        """{"format":1,"written":"2025-01-01T00:00:00Z","graphs":[{"key":"x","uses":1,"aged_uses":1,"seconds":1,"bytes":[]}]}"""
    )]
    [InlineData("""{"format":1,"written":"2025-01-01T00:00:00Z","graphs":[null]}""")]
    public async Task Create_HistoryIsDamagedOrNewer_BeginsAnewAndWritesItAgain(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(HistoryFile)!);
        await File.WriteAllTextAsync(HistoryFile, text);
        await using (var cache = Create(history: HistoryFile))
            await cache.LoadAsync(Wish.For(Keys.A));

        var written = await File.ReadAllTextAsync(HistoryFile);
        Assert.Contains(Keys.A.Digest.ToString(), written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisposeAsync_HistoryCannotBeWritten_IsOnlyLogged()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "state"), "a file where the folder should be");
        var log = new RecordingLogger<GraphCache>();
        var cache = new GraphCache(new GraphCacheOptions { HistoryFile = HistoryFile }, _time, log);
        await cache.LoadAsync(Wish.For(Keys.A));

        await cache.DisposeAsync();

        await log.WaitForAsync("could not be written");
    }

    [Fact]
    public async Task History_ProcessIsKilled_IsAFewMinutesOld()
    {
        await using var cache = Create(history: HistoryFile);
        await cache.LoadAsync(Wish.For(Keys.A));

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Contains(Keys.A.Digest.ToString(), await File.ReadAllTextAsync(HistoryFile), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(HistoryFile)!));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private GraphRequest<FakeGraph> Slow(Larder.Content.EntryKey key, int seconds) =>
        new(
            key,
            (_, _) =>
            {
                _time.Advance(TimeSpan.FromSeconds(seconds));
                return Task.FromResult(new FakeGraph());
            }
        );

    private GraphCache Create(long? maxBytes = null, string? history = null) =>
        new(new GraphCacheOptions { MaxBytes = maxBytes, HistoryFile = history }, _time);
}
