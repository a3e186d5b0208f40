using BenchmarkDotNet.Attributes;
using Larder.Origins;

namespace Larder.Benchmarks;

/// <summary>A pull of 50 files that are stored and fresh, lease and return included, beside asking the system for each file.</summary>
[MemoryDiagnoser]
public class FreshHitBenchmark
{
    private const int Files = 50;

    private readonly string _scratch = Folders.CreateScratch();
    private string[] _paths = [];
    private ModelReference _reference = null!;
    private ModelCache _cache = null!;

    /// <summary>Stores the model.</summary>
    [GlobalSetup]
    public void Setup() => SetupAsync().GetAwaiter().GetResult();

    private async Task SetupAsync()
    {
        var model = Directory.CreateDirectory(Path.Combine(_scratch, "model")).FullName;
        _paths = [.. Enumerable.Range(0, Files).Select(i => Path.Combine(model, $"weights-{i:00000}.bin"))];
        for (var i = 0; i < Files; i++)
            await File.WriteAllTextAsync(_paths[i], $"weights {i}");
        _reference = ModelReference.OfPath(model);
        _cache = new ModelCache(new ModelCacheOptions { StorePath = Path.Combine(_scratch, "store") });
        using var snapshot = await _cache.PullAsync(_reference);
    }

    /// <summary>The least that a hit must do to see that nothing was touched.</summary>
    [Benchmark(Baseline = true)]
    public long StatusOfEachFile() => _paths.Sum(path => new FileInfo(path).Length);

    /// <summary>The hit.</summary>
    [Benchmark]
    public async Task<string> Pull()
    {
        using var snapshot = await _cache.PullAsync(
            _reference,
            new Pull.PullOptions { FreshFor = TimeSpan.FromDays(1) }
        );
        return snapshot.Path;
    }

    /// <summary>Removes the store.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _cache.Dispose();
        Directory.Delete(_scratch, recursive: true);
    }
}
