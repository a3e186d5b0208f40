using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Larder.Content;
using Larder.Graphs;

namespace Larder.Benchmarks;

/// <summary>A loaded graph leased and returned, beside a dictionary that only finds it.</summary>
[MemoryDiagnoser]
public class GraphCacheBenchmark
{
    private readonly GraphCache _graphs = new(new GraphCacheOptions());
    private readonly ConcurrentDictionary<EntryKey, object> _dictionary = new();
    private readonly EntryKey _key = EntryKey.Of(new JsonObject { ["kind"] = "benchmark", ["version"] = 1 });
    private readonly Func<CancellationToken, Task<object>> _load = _ => Task.FromResult(new object());

    /// <summary>Loads the graph.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        _dictionary[_key] = new object();
        using var lease = await _graphs.RentAsync(_key, _load);
    }

    /// <summary>What has no lease and no bound can be this fast.</summary>
    [Benchmark(Baseline = true)]
    public object Dictionary() => _dictionary[_key];

    /// <summary>The hit, where it is known to be one.</summary>
    [Benchmark]
    public object TryRent()
    {
        if (!_graphs.TryRent<object>(_key, out var lease))
            throw new InvalidOperationException("The graph was loaded, and is gone.");
        using (lease)
            return lease.Graph;
    }

    /// <summary>The hit as callers have it, who do not know.</summary>
    [Benchmark]
    public async Task<bool> RentAsync()
    {
        await using var lease = await _graphs.RentAsync(_key, _load);
        return lease.Graph is not null;
    }

    /// <summary>Unloads the graph.</summary>
    [GlobalCleanup]
    public Task CleanupAsync() => _graphs.DisposeAsync().AsTask();
}
