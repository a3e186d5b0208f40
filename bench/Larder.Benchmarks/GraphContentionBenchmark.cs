using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Larder.Content;
using Larder.Graphs;

namespace Larder.Benchmarks;

/// <summary>Two threads that lease and return at once: each a graph of its own, and both the same one.</summary>
/// <remarks>The time is that of one hit of either thread.</remarks>
[MemoryDiagnoser]
public class GraphContentionBenchmark
{
    private const int HitsOfEach = 1_000_000;

    private readonly GraphCache _graphs = new(new GraphCacheOptions());
    private readonly EntryKey[] _keys = [Key("a"), Key("b")];

    /// <summary>Loads the graphs.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        foreach (var key in _keys)
            (await _graphs.RentAsync(key, _ => Task.FromResult(new object()))).Dispose();
    }

    /// <summary>What the two reach on two keys.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = 2 * HitsOfEach)]
    public void TwoKeys() => Run(_keys[0], _keys[1]);

    /// <summary>What they reach on one: at most twice the time is the target.</summary>
    [Benchmark(OperationsPerInvoke = 2 * HitsOfEach)]
    public void OneKey() => Run(_keys[0], _keys[0]);

    /// <summary>Unloads the graphs.</summary>
    [GlobalCleanup]
    public Task CleanupAsync() => _graphs.DisposeAsync().AsTask();

    private void Run(params EntryKey[] keys)
    {
        var threads = Array.ConvertAll(keys, key => new Thread(() => Hit(key)));
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }

    private void Hit(EntryKey key)
    {
        for (var i = 0; i < HitsOfEach; i++)
        {
            if (_graphs.TryRent<object>(key, out var lease))
                lease.Dispose();
        }
    }

    private static EntryKey Key(string name) =>
        EntryKey.Of(
            new JsonObject
            {
                ["kind"] = "benchmark",
                ["version"] = 1,
                ["name"] = name,
            }
        );
}
