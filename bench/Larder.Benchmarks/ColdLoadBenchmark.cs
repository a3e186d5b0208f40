using BenchmarkDotNet.Attributes;
using Larder.Graphs;
using Larder.Onnx.Serving;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Benchmarks;

/// <summary>A model whose files are stored is loaded and unloaded: as it is, leaving an optimised copy, and by that copy.</summary>
public class ColdLoadBenchmark
{
    private readonly string _directory = Folders.CreateScratch();
    private OnnxModelRequest _request = null!;
    private ModelCache _files = null!;
    private GraphCache _graphs = null!;
    private OnnxModels _plain = null!;
    private OnnxModels _cold = null!;

    /// <summary>Which of <see cref="SlowModels"/>.</summary>
    [Params("chain-250", "chain-1000", "chain-3000", "convolutions", "weights")]
    public string Model { get; set; } = "";

    /// <summary>Writes the model and loads it often enough that there is a copy if it is to have one.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var model = Directory.CreateDirectory(Path.Combine(_directory, Model)).FullName;
        using (var file = File.Create(Path.Combine(model, "model.onnx")))
            SlowModels.Write(Model, file);
        _request = new OnnxModelRequest(ModelReference.OfPath(model))
        {
            Pull = new PullOptions { FreshFor = TimeSpan.FromDays(1) },
        };
        _files = new ModelCache(new ModelCacheOptions { StorePath = Path.Combine(_directory, "store") });
        _graphs = new GraphCache(new GraphCacheOptions());
        _plain = new OnnxModels(_files, _graphs, options: new OnnxModelsOptions { KeepOptimized = false });
        _cold = new OnnxModels(_files, _graphs);
        LoadAsync(_cold).GetAwaiter().GetResult();
        LoadAsync(_cold).GetAwaiter().GetResult();
    }

    /// <summary>Without a copy.</summary>
    [Benchmark(Baseline = true)]
    public Task Load() => LoadAsync(_plain);

    /// <summary>With the copy, where there is one.</summary>
    [Benchmark]
    public Task LoadCopy() => LoadAsync(_cold);

    /// <summary>Removes the copy: with the model, which is stored again.</summary>
    [IterationSetup(Target = nameof(LoadAndKeep))]
    public void RemoveCopy() => RemoveCopyAsync().GetAwaiter().GetResult();

    /// <summary>Without a copy, of which it leaves one.</summary>
    [Benchmark]
    public Task LoadAndKeep() => LoadAsync(_cold);

    /// <summary>Removes the store.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _graphs.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _files.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task LoadAsync(OnnxModels models)
    {
        (await models.RentAsync(_request)).Dispose();
        await models.UnloadAsync(_request.Reference);
    }

    private async Task RemoveCopyAsync()
    {
        await _files.ClearAsync(_request.Reference);
        (await _files.PullAsync(_request.Reference, _request.Pull)).Dispose();
    }
}
