using BenchmarkDotNet.Attributes;
using Larder.Content;
using Larder.Graphs;
using Larder.Graphs.Keys;

namespace Larder.Benchmarks;

/// <summary>From a configuration of eight parameters to its key, and with it to the graph and back.</summary>
[MemoryDiagnoser]
public class GraphKeyBenchmark
{
    private readonly GraphCache _graphs = new(new GraphCacheOptions());
    private readonly GraphKind<Fixed> _remembering = new("fixed", 1);
    private readonly GraphKind<Open> _reading = new("open", 1);
    private readonly GraphModel _model = GraphModel.Of("unet", Digest.Of("unet"u8));
    private readonly Fixed _fixed = new(30, 7.5, 1024, 768, 0.25, "bf16", true, TimeSpan.FromSeconds(5));
    private readonly Open _open = new(30, 7.5, 1024, 768, 0.35, "bf16", true, ["detail", "style"]);
    private int _count;

    /// <summary>Loads both graphs.</summary>
    [GlobalSetup]
    public void Setup()
    {
        foreach (var key in new[] { _remembering.KeyOf(_fixed, _model), _reading.KeyOf(_open, _model) })
            _graphs.RentAsync(key, _ => Task.FromResult(new object())).AsTask().GetAwaiter().GetResult().Dispose();
    }

    /// <summary>A configuration that cannot change: its key is remembered with it.</summary>
    [Benchmark(Baseline = true)]
    public bool Remembered() => Rent(_remembering.KeyOf(_fixed, _model));

    /// <summary>A configuration with a list that may have changed: it is read again.</summary>
    [Benchmark]
    public bool Read() => Rent(_reading.KeyOf(_open, _model));

    /// <summary>A configuration that was never seen: it is read and hashed.</summary>
    [Benchmark]
    public EntryKey Unseen() => _reading.KeyOf(_open with { Steps = _count++ }, _model);

    private bool Rent(EntryKey key)
    {
        var isLoaded = _graphs.TryRent<object>(key, out var lease);
        lease.Dispose();
        return isLoaded;
    }

    private sealed record Fixed(int A, double B, int C, int D, double E, string F, bool G, TimeSpan H);

    private sealed record Open(int Steps, double B, int C, int D, double E, string F, bool G, List<string> H);
}
