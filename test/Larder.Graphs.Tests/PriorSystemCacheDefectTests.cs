using Larder.TestKit;

namespace Larder.Graphs.Tests;

/// <summary>
/// What the prior preset cache and its sibling for tensors got wrong beside their keys, for which see
/// <see cref="KeyTests.PriorSystemKeyDefectTests"/>.
/// </summary>
public sealed class PriorSystemCacheDefectTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task NoSingleFlight_TwoThreadsAskAtOnce_BuildOnce()
    {
        await using var cache = new GraphCache(new GraphCacheOptions());
        using var both = new Barrier(2);
        var builds = 0;
        var graphs = await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(_ => Task.Factory.StartNew(RentAsync, TaskCreationOptions.LongRunning).Unwrap())
        );

        Assert.Equal(1, builds);
        Assert.Same(graphs[0], graphs[1]);

        async Task<FakeGraph> RentAsync()
        {
            both.SignalAndWait();
            await using var lease = await cache.RentAsync(
                Keys.A,
                _ =>
                {
                    Interlocked.Increment(ref builds);
                    return Task.FromResult(new FakeGraph());
                }
            );
            return lease.Graph;
        }
    }

    [Fact]
    public async Task NoByteBudget_GraphsThatPinGigabytes_AreBoundedByThem()
    {
        const long gigabyte = 1L << 30;
        await using var cache = new GraphCache(new GraphCacheOptions { MaxBytes = 48 * gigabyte });

        for (var i = 0; i < 8; i++)
            await cache.LoadAsync(Wish.For(Keys.Of($"model {i}"), 20 * gigabyte));

        Assert.Equal(2, cache.ListGraphs().Count);
        Assert.Equal(40 * gigabyte, cache.Device().UsedBytes);
    }

    [Fact]
    public async Task ItemLargerThanTheBudget_IsRefusedAtOnceAndEvictsNothing()
    {
        await using var cache = new GraphCache(new GraphCacheOptions { MaxBytes = 100 });
        await cache.LoadAsync(Wish.For(Keys.A, 10));

        await Assert.ThrowsAsync<GraphTooLargeException>(() => cache.TakeAsync(Wish.For(Keys.B, 101)));

        Assert.Equal([Keys.A], cache.LoadedKeys());
    }

    [Fact]
    public async Task OverwrittenKey_LoadedAgainAndAgain_CountsItsBytesOnce()
    {
        await using var cache = new GraphCache(new GraphCacheOptions { MaxBytes = 100 });

        for (var i = 0; i < 5; i++)
        {
            await cache.LoadAsync(Wish.For(Keys.A, 10));
            if (i % 2 is 0)
                await cache.RemoveAsync(Keys.A);
        }

        Assert.Equal((0, 0), (cache.Device().UsedBytes, cache.Device().Graphs));
    }

    [Fact]
    public async Task EvictionsNeverCounted_EachIsCounted()
    {
        await using var cache = new GraphCache(new GraphCacheOptions { MaxGraphs = 1 });

        for (var i = 0; i < 5; i++)
            await cache.LoadAsync(Wish.For(Keys.Of($"model {i}")));

        Assert.Equal(4, cache.Statistics.Evictions);
    }

    [Theory]
    [InlineData("lru", "a")]
    [InlineData("lfu", "b")]
    [InlineData("cost", "c")]
    public async Task PolicyAcceptedAndIgnored_EachPolicyEvictsByItsOwnRule(string policy, string victim)
    {
        await using var cache = new GraphCache(new GraphCacheOptions { MaxGraphs = 3, Policy = policy }, _time);
        foreach (var (name, uses, seconds) in new[] { ("a", 5, 100), ("b", 2, 100), ("c", 3, 1) })
        {
            for (var i = 0; i < uses; i++)
                await cache.LoadAsync(Slow(name, seconds));
        }

        await cache.LoadAsync(Slow("d", 1));

        Assert.DoesNotContain(Keys.Of(victim), cache.LoadedKeys());
    }

    [Fact]
    public async Task NewSizeDropsAllEntries_ItDropsNothingThatFits()
    {
        await using var cache = new GraphCache(new GraphCacheOptions { MaxGraphs = 32 });
        await cache.LoadAsync(Wish.For(Keys.A));
        await cache.LoadAsync(Wish.For(Keys.B));

        cache.Reconfigure(new GraphCacheOptions { MaxGraphs = 64 });
        cache.Reconfigure(new GraphCacheOptions { MaxGraphs = 2 });

        Assert.Equal(2, cache.ListGraphs().Count);
    }

    [Fact]
    public async Task SharedMutableGraph_ExclusiveUse_KeepsOthersOut()
    {
        await using var cache = new GraphCache(new GraphCacheOptions(), _time);
        await using var alone = await cache.TakeAsync(Wish.For(Keys.A, use: GraphUse.Exclusive));

        Assert.False(cache.TryRent<FakeGraph>(Keys.A, out _));
    }

    [Fact]
    public async Task NoRemovalOfOneKey_RemovesJustThat()
    {
        await using var cache = new GraphCache(new GraphCacheOptions());
        await cache.LoadAsync(Wish.For(Keys.A));
        await cache.LoadAsync(Wish.For(Keys.B));

        Assert.Equal(EvictOutcome.Removed, await cache.RemoveAsync(Keys.A));

        Assert.Equal([Keys.B], cache.LoadedKeys());
    }

    [Fact]
    public async Task UnlockedCounters_ManyThreads_CountEachHit()
    {
        const int threads = 4;
        const int hits = 20_000;
        await using var cache = new GraphCache(new GraphCacheOptions());
        await cache.LoadAsync(Wish.For(Keys.A));

        await Task.WhenAll(
            Enumerable
                .Range(0, threads)
                .Select(_ =>
                    Task.Run(() =>
                    {
                        for (var i = 0; i < hits; i++)
                        {
                            if (cache.TryRent<FakeGraph>(Keys.A, out var lease))
                                lease.Dispose();
                        }
                    })
                )
        );

        Assert.Equal(threads * hits, cache.Statistics.Hits);
        Assert.Equal(0, Assert.Single(cache.ListGraphs()).Leases);
    }

    [Fact]
    public async Task FailedFactory_KeepsNoGraphAndFreesItsRoom()
    {
        await using var cache = new GraphCache(new GraphCacheOptions { MaxGraphs = 1 });
        await Assert.ThrowsAsync<IOException>(() =>
            cache.TakeAsync(new GraphRequest<FakeGraph>(Keys.A, (_, _) => throw new IOException()))
        );

        await cache.LoadAsync(Wish.For(Keys.B));

        Assert.Equal([Keys.B], cache.LoadedKeys());
    }

    private GraphRequest<FakeGraph> Slow(string name, int seconds) =>
        new(
            Keys.Of(name),
            (_, _) =>
            {
                _time.Advance(TimeSpan.FromSeconds(seconds));
                return Task.FromResult(new FakeGraph());
            }
        );
}
