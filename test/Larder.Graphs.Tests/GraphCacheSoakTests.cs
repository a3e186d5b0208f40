namespace Larder.Graphs.Tests;

/// <summary>Threads that use every verb at random, over graphs that check how they are treated.</summary>
[Trait("Category", "Soak")]
public sealed class GraphCacheSoakTests(ITestOutputHelper output)
{
    private const int MaxGraphs = 6;
    private const long MaxBytes = 100;
    private const int Workers = 4;
    private const int StepsPerWorker = 5_000;
    private const int Graphs = 10;

    private readonly SoakWorld _world = new(MaxGraphs, MaxBytes);
    private int _rents;
    private int _hits;
    private int _removed;

    [Theory]
    [InlineData("cost")]
    [InlineData("lru")]
    [InlineData("lfu")]
    public async Task EveryVerb_ManyThreadsAtOnce_KeepsEveryPromise(string policy)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var options = new GraphCacheOptions
        {
            MaxGraphs = MaxGraphs,
            MaxBytes = MaxBytes,
            Policy = policy,
            // Each load is to be tried, and no wait to end by a clock.
            TransientFailureFor = TimeSpan.Zero,
            WaitForRoom = Timeout.InfiniteTimeSpan,
            WaitForTurn = Timeout.InfiniteTimeSpan,
        };
        var cache = new GraphCache(options);

        await Task.WhenAll(
            Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(cache, new Random(seed + worker))))
        );
        // The last disposals free what they were parts of.
        while (cache.ListGraphs().Count > 0)
            _removed += (await cache.ClearAsync()).Removed;
        var statistics = cache.GetStatistics();
        await cache.DisposeAsync();

        Assert.Empty(_world.Faults);
        Assert.Equal((0, 0), (_world.Alive, _world.AliveBytes));
        Assert.Equal(_rents, statistics.Cache.Hits + statistics.Cache.Misses);
        // Who asked for a graph that was there, waited for its turn and left, had a hit and does not know.
        Assert.InRange(_hits, 1, statistics.Cache.Hits);
        var device = Assert.Single(statistics.Devices);
        Assert.Equal((0, 0, 0), (device.UsedBytes, device.ReservedBytes, device.LostBytes));
        // What was loaded was evicted or removed; all but what came after its last waiter had left, which nobody ever used.
        Assert.InRange(_world.Loaded - statistics.Cache.Evictions - _removed, 0, _world.NeverUsed);
    }

    private async Task WorkAsync(GraphCache cache, Random random)
    {
        for (var step = 0; step < StepsPerWorker; step++)
        {
            switch (random.Next(200))
            {
                case 0:
                    Interlocked.Add(ref _removed, (await cache.ClearAsync()).Removed);
                    break;
                case < 10:
                    if (await cache.RemoveAsync(Choose(random).Key) is EvictOutcome.Removed)
                        Interlocked.Increment(ref _removed);
                    break;
                case < 12:
                    await cache.WarmAsync([Choose(random), Choose(random)]);
                    break;
                case < 60:
                    await RentSeveralAsync(cache, random);
                    break;
                default:
                    await RentOneAsync(cache, random);
                    break;
            }
        }
    }

    private async Task RentOneAsync(GraphCache cache, Random random)
    {
        var request = Choose(random);
        using var cancellation = new CancellationTokenSource();
        Interlocked.Increment(ref _rents);
        var rent = cache.RentAsync(request, cancellation.Token).AsTask();
        if (random.Next(10) is 0)
            await cancellation.CancelAsync();
        try
        {
            await using var lease = await rent;
            if (lease.FromCache)
                Interlocked.Increment(ref _hits);
            await lease.Graph.UseAsync(request.Use, random.Next(3));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException) { }
    }

    private async Task RentSeveralAsync(GraphCache cache, Random random)
    {
        var requests = Enumerable.Range(0, 3).Select(_ => Choose(random)).DistinctBy(request => request.Key).ToArray();
        Interlocked.Add(ref _rents, requests.Length);
        using var cancellation = new CancellationTokenSource();
        var rent = cache.RentAllAsync(requests, cancellation.Token);
        if (random.Next(10) is 0)
            await cancellation.CancelAsync();
        try
        {
            await using var leases = await rent;
            await Task.WhenAll(requests.Select(request => leases.Graph(request).UseAsync(request.Use, random.Next(3))));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException) { }
    }

    /// <summary>A graph of 4 to 22 bytes; each third one is made of the one before it.</summary>
    private GraphRequest<SoakGraph> Choose(Random random)
    {
        var number = random.Next(random.Next(Graphs) + 1);
        var use = random.Next(4) is 0 ? GraphUse.Exclusive : GraphUse.Shared;
        return number % 3 is 2
            ? Request(number, random.Next(), use, Request(number - 1, random.Next(), GraphUse.Shared, null))
            : Request(number, random.Next(), use, null);
    }

    private GraphRequest<SoakGraph> Request(int number, int chance, GraphUse use, GraphRequest<SoakGraph>? parent)
    {
        var key = Keys.Of($"graph {number}");
        var bytes = 4 + (2 * number);
        return new GraphRequest<SoakGraph>(
            key,
            (load, token) => _world.LoadAsync(key, parent is null ? null : load.Parent(parent), bytes, chance, token)
        )
        {
            Use = use,
            EstimatedSize = GraphSize.OfHost(bytes),
            Parents = parent is null ? [] : [parent],
        };
    }
}
