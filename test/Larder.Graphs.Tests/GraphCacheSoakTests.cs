using Larder.Content;

namespace Larder.Graphs.Tests;

/// <summary>Threads that rent, cancel, remove and clear at random, over graphs that check how they are treated.</summary>
[Trait("Category", "Soak")]
public sealed class GraphCacheSoakTests(ITestOutputHelper output)
{
    private const int Limit = 3;
    private const int Workers = 4;
    private const int StepsPerWorker = 10_000;

    private static readonly EntryKey[] Graphs =
    [
        .. Enumerable.Range(0, 6).Select(number => Keys.Of($"graph {number}")),
    ];

    private readonly SoakWorld _world = new(Limit);
    private int _rents;
    private int _hits;
    private int _removed;

    [Fact]
    public async Task EveryVerb_ManyThreadsAtOnce_KeepsEveryPromise()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var cache = new GraphCache(new GraphCacheOptions { MaxGraphs = Limit });

        await Task.WhenAll(
            Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(cache, new Random(seed + worker))))
        );
        _removed += (await cache.ClearAsync()).Removed;
        var statistics = cache.Statistics;
        await cache.DisposeAsync();

        Assert.Empty(_world.Faults);
        Assert.Equal(0, _world.Alive);
        Assert.Equal(_hits, statistics.Hits);
        Assert.Equal(_rents - _hits, statistics.Misses);
        Assert.InRange(_world.Loads, 1, statistics.Misses);
        // What was loaded was evicted or removed; all but what came after its last waiter had left, which nobody ever used.
        Assert.InRange(_world.Loaded - statistics.Evictions - _removed, 0, _world.NeverUsed);
    }

    private async Task WorkAsync(GraphCache cache, Random random)
    {
        for (var step = 0; step < StepsPerWorker; step++)
        {
            var key = Graphs[random.Next(random.Next(Graphs.Length) + 1)];
            switch (random.Next(100))
            {
                case 0:
                    Interlocked.Add(ref _removed, (await cache.ClearAsync()).Removed);
                    break;
                case < 5:
                    if (await cache.RemoveAsync(key) is EvictOutcome.Removed)
                        Interlocked.Increment(ref _removed);
                    break;
                default:
                    await RentAsync(cache, key, random);
                    break;
            }
        }
    }

    private async Task RentAsync(GraphCache cache, EntryKey key, Random random)
    {
        var chance = random.Next();
        using var cancellation = new CancellationTokenSource();
        Interlocked.Increment(ref _rents);
        var rent = cache.RentAsync(key, token => _world.LoadAsync(key, chance, token), cancellation.Token).AsTask();
        if (random.Next(10) is 0)
            await cancellation.CancelAsync();
        try
        {
            await using var lease = await rent;
            if (lease.FromCache)
                Interlocked.Increment(ref _hits);
            await lease.Graph.UseAsync(random.Next(3));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException) { }
    }
}
