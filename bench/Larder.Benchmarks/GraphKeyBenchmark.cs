using BenchmarkDotNet.Attributes;
using Larder.Content;
using Larder.Graphs;
using Larder.Graphs.Keys;

namespace Larder.Benchmarks;

/// <summary>From a configuration of eight parameters to its graph: the key, the hit and the return.</summary>
[MemoryDiagnoser]
public class GraphKeyBenchmark
{
    private readonly GraphCache _graphs = new(new GraphCacheOptions());
    private readonly GraphKind<Immutable> _remembering = new("immutable", 1);
    private readonly GraphKind<Mutable> _reading = new("mutable", 1);
    private readonly GraphModel _model = GraphModel.Of("unet", Digest.Of("unet"u8));
    private readonly Immutable _immutable = new(30, 7.5, 1024, 768, 0.25, "bf16", true, TimeSpan.FromSeconds(5));
    private readonly Mutable _mutable = new();

    /// <summary>Loads both graphs.</summary>
    [GlobalSetup]
    public void Setup() => SetupAsync().GetAwaiter().GetResult();

    /// <summary>A configuration that cannot change: its key is remembered with it.</summary>
    [Benchmark(Baseline = true)]
    public object Remembered() => Rent(_remembering.KeyOf(_immutable, _model));

    /// <summary>A configuration that may have changed: it is read again.</summary>
    [Benchmark]
    public object Read() => Rent(_reading.KeyOf(_mutable, _model));

    /// <summary>Unloads the graphs.</summary>
    [GlobalCleanup]
    public void Cleanup() => _graphs.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task SetupAsync()
    {
        foreach (var key in new[] { _remembering.KeyOf(_immutable, _model), _reading.KeyOf(_mutable, _model) })
            (await _graphs.RentAsync(key, _ => Task.FromResult(new object()))).Dispose();
    }

    private object Rent(EntryKey key)
    {
        if (!_graphs.TryRent<object>(key, out var lease))
            throw new InvalidOperationException("The graph was loaded, and is gone.");
        using (lease)
            return lease.Graph;
    }

    /// <summary>Eight parameters.</summary>
    public sealed record Immutable(int A, double B, int C, int D, double E, string F, bool G, TimeSpan H);

    /// <summary>Eight others.</summary>
    public sealed class Mutable
    {
        /// <summary>A list may change at any time.</summary>
        public IReadOnlyList<string> Loras { get; set; } = ["detail", "style"];
        public int NumInferenceSteps { get; set; } = 30;
        public double GuidanceScale { get; set; } = 7.5;
        public int Width { get; set; } = 1024;
        public int Height { get; set; } = 768;
        public double Strength { get; set; } = 0.35;
        public string Type { get; set; } = "bf16";
        public bool Tiling { get; set; } = true;
    }
}
