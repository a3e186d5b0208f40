using System.Collections.Concurrent;
using Larder.Graphs.Pressure;

namespace Larder.Graphs.Tests;

/// <summary>
/// Threads that use every verb while everything else happens: limits change, memory is short, sizes were estimated wrong, loads and
/// disposals are late, callers leave, and in the end the cache is disposed under their feet.
/// </summary>
[Trait("Category", "Soak")]
public sealed class GraphCacheStormTests(ITestOutputHelper output)
{
    private const int Workers = 8;
    private const int Graphs = 9;

    private readonly ConcurrentQueue<string> _faults = new();
    private int _alive;
    private int _steps;

    [Fact]
    public Task EveryVerb_InAStorm_KeepsEveryPromise() => RunAsync(rounds: 6, steps: 1_500);

    [Fact]
    [Trait("Category", "Full")]
    public Task EveryVerb_InALongStorm_KeepsEveryPromise() => RunAsync(rounds: 300, steps: 4_000);

    private async Task RunAsync(int rounds, int steps)
    {
        var seed = Random.Shared.Next(1_000_000);
        output.WriteLine($"seed {seed}");
        for (var round = 0; round < rounds; round++)
            await RunAsync(new Random(seed + round), steps);
        Assert.Empty(_faults);
    }

    private async Task RunAsync(Random random, int steps)
    {
        var memory = new Gauge();
        var cache = new GraphCache(Options(random), memory);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _steps = 0;
        var seeds = Enumerable.Range(0, Workers).Select(_ => random.Next()).ToArray();
        var workers = Array.ConvertAll(
            seeds,
            seed => Task.Run(() => WorkAsync(cache, memory, new Random(seed), steps, enough))
        );
        await enough.Task;

        await cache.DisposeAsync();
        await Task.WhenAll(workers);

        // What was late ends now; as long as it would take to lose patience, and then the sums below tell what is left.
        for (var i = 0; i < 5_000_000 && !IsEmpty(cache); i++)
            await Task.Yield();
        Assert.Equal(0, Volatile.Read(ref _alive));
        var statistics = cache.GetStatistics();
        Assert.Equal((0, 0, 0), (statistics.Waiting, statistics.Loading, statistics.Cache.Entries));
        Assert.All(
            statistics.Devices,
            device =>
                Assert.Equal(
                    (0, 0L, 0L, 0L, 0L),
                    (device.Graphs, device.UsedBytes, device.ReservedBytes, device.DrainingBytes, device.LostBytes)
                )
        );
    }

    private static bool IsEmpty(GraphCache cache) => cache.GetStatistics().Devices.All(device => device.Graphs is 0);

    private async Task WorkAsync(GraphCache cache, Gauge memory, Random random, int steps, TaskCompletionSource enough)
    {
        while (true)
        {
            if (Interlocked.Increment(ref _steps) == steps)
                enough.SetResult();
            try
            {
                await StepAsync(cache, memory, random);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or LarderException)
            { }
        }
    }

    private async Task StepAsync(GraphCache cache, Gauge memory, Random random)
    {
        switch (random.Next(40))
        {
            case 0:
                cache.Reconfigure(Options(random));
                break;
            case 1:
                memory.Load = random.NextDouble() * 1.2;
                cache.RelievePressure();
                break;
            case 2:
                cache.RemoveIdle();
                break;
            case 3:
                await cache.RemoveAsync(Request(random).Key);
                break;
            case 4:
                await cache.WarmAsync([Request(random), Request(random)]);
                break;
            case 5 when random.Next(10) is 0:
                await cache.ClearAsync();
                break;
            case < 15:
                await RentSeveralAsync(cache, random);
                break;
            default:
                await RentOneAsync(cache, random);
                break;
        }
    }

    private async Task RentOneAsync(GraphCache cache, Random random)
    {
        var request = Request(random);
        using var cancellation = Impatience(random);
        using var lease = await cache.RentAsync(request, cancellation.Token);
        await lease.Graph.UseAsync(request.Use, random.Next(4));
    }

    private async Task RentSeveralAsync(GraphCache cache, Random random)
    {
        var requests = Enumerable.Range(0, 3).Select(_ => Request(random)).DistinctBy(request => request.Key).ToArray();
        using var cancellation = Impatience(random);
        using var leases = await cache.RentAllAsync(requests, cancellation.Token);
        await Task.WhenAll(requests.Select(request => leases.Graph(request).UseAsync(request.Use, random.Next(4))));
    }

    private static CancellationTokenSource Impatience(Random random)
    {
        var cancellation = new CancellationTokenSource();
        if (random.Next(4) is 0)
            cancellation.CancelAfter(random.Next(5));
        return cancellation;
    }

    private GraphRequest<StormGraph> Request(Random random) => Request(random.Next(Graphs), random);

    /// <summary>The first three are of one piece, the next three made of one of those, the last of one of each.</summary>
    private GraphRequest<StormGraph> Request(int number, Random random)
    {
        GraphRequest<StormGraph>[] parents = number switch
        {
            < 3 => [],
            < 6 => [Request(number - 3, random)],
            _ => [Request(number - 3, random), Request(number - 5, random)],
        };
        var chance = random.Next(100);
        var disposalTime = TimeSpan.FromMilliseconds(random.Next(12) is 0 ? 12 : 0);
        var bytes = 3 + (2 * number);
        return new GraphRequest<StormGraph>(
            Keys.Of($"graph {number}"),
            async (load, token) =>
            {
                var parts = Array.ConvertAll(parents, load.Parent);
                for (var i = 0; i < chance % 5; i++)
                    await Task.Yield();
                if (chance % 7 is 0)
                    await Task.Delay(chance % 14 is 0 ? 30 : 2, chance % 3 is 0 ? CancellationToken.None : token);
                if (chance % 11 is 0)
                    throw new IOException("This load was to fail.");
                if (chance % 13 is 0)
                    load.Size = Size(number, bytes + (chance / 3));
                Interlocked.Increment(ref _alive);
                return new StormGraph(_faults, parts, disposalTime, () => Interlocked.Decrement(ref _alive));
            }
        )
        {
            Parents = parents,
            Use = random.Next(3) is 0 ? GraphUse.Exclusive : GraphUse.Shared,
            EstimatedSize = Size(number, bytes),
        };
    }

    private static GraphSize Size(int number, long bytes) =>
        number % 2 is 0 ? GraphSize.OfHost(bytes) : GraphSize.On("gpu0", bytes).And(GraphDevice.Host, 1);

    private static GraphCacheOptions Options(Random random) =>
        new()
        {
            MaxGraphs = random.Next(5, 9),
            MaxBytes = random.Next(120, 180),
            Devices =
            {
                ["gpu0"] = new DeviceBudget { MaxBytes = random.Next(60, 100), MaxGraphs = random.Next(4, 7) },
            },
            Policy = GraphCacheOptions.Policies[random.Next(GraphCacheOptions.Policies.Count)],
            TransientFailureFor = TimeSpan.Zero,
            WaitForRoom = TimeSpan.FromMilliseconds(random.Next(1, 50)),
            WaitForTurn = TimeSpan.FromMilliseconds(random.Next(1, 50)),
            LoadDeadline = TimeSpan.FromMilliseconds(random.Next(2, 22)),
            DisposalDeadline = TimeSpan.FromMilliseconds(random.Next(1, 9)),
            IdleTimeout = TimeSpan.FromMilliseconds(20),
            MemoryPressure = new MemoryPressureOptions { Interval = TimeSpan.FromMilliseconds(5) },
        };

    private sealed class Gauge : IMemoryGauge
    {
        private long _number;

        public double Load { get; set; }

        public MemoryMeasure Measure() => new(Load, Interlocked.Increment(ref _number));
    }
}
