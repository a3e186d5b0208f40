using Larder.TestKit;

namespace Larder.Graphs.Tests;

public sealed class GraphCacheFailureTests
{
    private readonly ManualTimeProvider _time = new();
    private int _loads;

    [Fact]
    public async Task RentAsync_AfterAPermanentFailure_IsRefusedWithoutALoad()
    {
        await using var cache = Create();
        var failure = new InvalidDataException("The model is cut off.");
        await Assert.ThrowsAsync<InvalidDataException>(() => cache.TakeAsync(Failing(failure)));
        _time.Advance(TimeSpan.FromMinutes(4));

        var refused = await Assert.ThrowsAsync<GraphLoadException>(() => cache.TakeAsync(Failing(failure)));

        Assert.Equal(1, _loads);
        Assert.Same(failure, refused.InnerException);
        Assert.Equal(
            (Keys.A, GraphFailureKind.Permanent, TimeSpan.FromMinutes(1)),
            (refused.Key, refused.Kind, refused.RetryAfter)
        );
        Assert.Contains("240 s ago", refused.Message, StringComparison.Ordinal);
        Assert.Contains("The model is cut off.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, cache.GetStatistics().FailuresRemembered);
        Assert.Equal((1, 1), (cache.Statistics.Misses, cache.Statistics.Failures));
    }

    [Fact]
    public async Task RentAsync_WhenThePermanentFailureIsOver_TriesAgain()
    {
        await using var cache = Create();
        await Assert.ThrowsAsync<InvalidDataException>(() => cache.TakeAsync(Failing(new InvalidDataException())));

        _time.Advance(TimeSpan.FromMinutes(5));

        (await cache.TakeAsync(Wish.For(Keys.A))).Dispose();
    }

    [Fact]
    public async Task RentAsync_TransientFailuresInARow_AreRememberedTwiceAsLongEachTime()
    {
        await using var cache = Create();
        var failure = new IOException("The disk is away.");
        foreach (var seconds in new[] { 2, 4, 8 })
        {
            await Assert.ThrowsAsync<IOException>(() => cache.TakeAsync(Failing(failure)));
            _time.Advance(TimeSpan.FromSeconds(seconds - 1));
            var refused = await Assert.ThrowsAsync<GraphLoadException>(() => cache.TakeAsync(Failing(failure)));
            Assert.Equal((GraphFailureKind.Transient, TimeSpan.FromSeconds(1)), (refused.Kind, refused.RetryAfter));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(3, _loads);
    }

    [Fact]
    public async Task RentAsync_TransientFailuresForADay_AreTriedEveryFewMinutesStill()
    {
        await using var cache = Create();
        for (var i = 0; i < 40; i++)
        {
            await Assert.ThrowsAsync<IOException>(() => cache.TakeAsync(Failing(new IOException())));
            _time.Advance(TimeSpan.FromMinutes(5));
        }
    }

    [Fact]
    public async Task RentAsync_AfterASuccess_TheRowOfFailuresBeginsAnew()
    {
        await using var cache = Create();
        await Assert.ThrowsAsync<IOException>(() => cache.TakeAsync(Failing(new IOException())));
        _time.Advance(TimeSpan.FromSeconds(2));
        await cache.LoadAsync(Wish.For(Keys.A));
        await cache.RemoveAsync(Keys.A);
        await Assert.ThrowsAsync<IOException>(() => cache.TakeAsync(Failing(new IOException())));

        var refused = await Assert.ThrowsAsync<GraphLoadException>(() => cache.TakeAsync(Failing(new IOException())));

        Assert.Equal(TimeSpan.FromSeconds(2), refused.RetryAfter);
    }

    [Fact]
    public async Task RentAsync_OutOfMemory_TriesAgainAsSoonAsAGraphHasBeenDisposed()
    {
        await using var cache = Create();
        await cache.LoadAsync(Wish.For(Keys.B));
        var failure = new InsufficientMemoryException("No memory for the arena.");
        await Assert.ThrowsAsync<InsufficientMemoryException>(() => cache.TakeAsync(Failing(failure)));
        var refused = await Assert.ThrowsAsync<GraphLoadException>(() => cache.TakeAsync(Failing(failure)));
        Assert.Equal(GraphFailureKind.OutOfMemory, refused.Kind);

        await cache.RemoveAsync(Keys.B);

        (await cache.TakeAsync(Wish.For(Keys.A))).Dispose();
    }

    [Fact]
    public async Task RentAsync_OptionsClassifyTheFailure_TheyAreObeyed()
    {
        await using var cache = Create(failure => failure is IOException ? GraphFailureKind.Permanent : null);
        await Assert.ThrowsAsync<IOException>(() => cache.TakeAsync(Failing(new IOException())));

        var refused = await Assert.ThrowsAsync<GraphLoadException>(() => cache.TakeAsync(Failing(new IOException())));

        Assert.Equal(GraphFailureKind.Permanent, refused.Kind);
    }

    [Fact]
    public async Task RentAsync_ClassificationItselfFails_TheCallerGetsTheLoadsFailure()
    {
        await using var cache = Create(_ => throw new InvalidOperationException("The classifier is broken."));

        await Assert.ThrowsAsync<IOException>(() => cache.TakeAsync(Failing(new IOException())));

        Assert.Equal(0, cache.Device().ReservedBytes);
    }

    [Fact]
    public async Task RentAsync_MemoryOfFailuresIsZero_TriesEachTime()
    {
        await using var cache = new GraphCache(new GraphCacheOptions { TransientFailureFor = TimeSpan.Zero }, _time);

        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<IOException>(() => cache.TakeAsync(Failing(new IOException())));

        Assert.Equal(3, _loads);
    }

    [Theory]
    [InlineData("forget")]
    [InlineData("remove")]
    [InlineData("clear")]
    public async Task AnyVerbThatForgets_AfterAFailure_LetsTheNextRequestTry(string verb)
    {
        await using var cache = Create();
        await Assert.ThrowsAsync<InvalidDataException>(() => cache.TakeAsync(Failing(new InvalidDataException())));

        if (verb is "forget")
            cache.ForgetFailure(Keys.A);
        else if (verb is "remove")
            await cache.RemoveAsync(Keys.A);
        else
            await cache.ClearAsync();

        (await cache.TakeAsync(Wish.For(Keys.A))).Dispose();
    }

    [Fact]
    public async Task RentAsync_CancelledByItsCaller_IsNoFailureThatIsRemembered()
    {
        await using var cache = Create();
        var load = new GatedLoad();
        using var cancellation = new CancellationTokenSource();
        var rent = cache.TakeAsync(Wish.Gated(Keys.A, load), cancellation.Token);
        await load.Started;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rent);

        (await cache.TakeAsync(Wish.For(Keys.A))).Dispose();
    }

    [Fact]
    public async Task RentAsync_LoadNeverEnds_FailsAtItsDeadlineAndCountsUntilItDoesEnd()
    {
        var log = new RecordingLogger<GraphCache>();
        await using var cache = new GraphCache(
            new GraphCacheOptions { MaxBytes = 100, LoadDeadline = TimeSpan.FromMinutes(1) },
            _time,
            log
        );
        var load = new GatedLoad { IgnoresCancellation = true };
        var rent = cache.TakeAsync(Wish.Gated(Keys.A, load, bytes: 60));
        await load.Started;

        await _time.AdvanceWhenWaitedForAsync(TimeSpan.FromMinutes(1));

        var late = await Assert.ThrowsAsync<GraphLoadException>(() => rent);
        Assert.Contains("00:01:00", late.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<GraphLoadException>(() => cache.TakeAsync(Wish.For(Keys.A)));
        await load.Cancelled;
        await log.WaitForAsync("was cancelled");
        Assert.Equal(60, cache.Device().ReservedBytes);
        var other = cache.TakeAsync(Wish.For(Keys.B, 60));
        Assert.False(other.IsCompleted);
        load.Succeed();
        (await other).Dispose();
    }

    [Theory]
    [InlineData(typeof(FileNotFoundException), GraphFailureKind.Permanent)]
    [InlineData(typeof(DllNotFoundException), GraphFailureKind.Permanent)]
    [InlineData(typeof(NotSupportedException), GraphFailureKind.Permanent)]
    [InlineData(typeof(ArgumentException), GraphFailureKind.Permanent)]
    [InlineData(typeof(IOException), GraphFailureKind.Transient)]
    [InlineData(typeof(HttpRequestException), GraphFailureKind.Transient)]
    [InlineData(typeof(TimeoutException), GraphFailureKind.Transient)]
    [InlineData(typeof(InvalidOperationException), GraphFailureKind.Transient)]
    [InlineData(typeof(InsufficientMemoryException), GraphFailureKind.OutOfMemory)]
    public void Of_Exception_IsOfItsKind(Type failure, GraphFailureKind kind)
    {
        Assert.Equal(kind, Failures.FailureKinds.Of((Exception)Activator.CreateInstance(failure)!));
    }

    private GraphRequest<FakeGraph> Failing(Exception failure) =>
        new(
            Keys.A,
            (_, _) =>
            {
                _loads++;
                throw failure;
            }
        );

    private GraphCache Create(Func<Exception, GraphFailureKind?>? classify = null) =>
        new(new GraphCacheOptions { ClassifyFailure = classify }, _time);
}
