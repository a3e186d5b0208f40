using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Larder.Graphs;
using Larder.Onnx;
using Larder.Onnx.Serving;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Benchmarks;

/// <summary>A hot prediction through both caches, beside the bare session.</summary>
[MemoryDiagnoser]
public class PredictionBenchmark
{
    private readonly string _store = Folders.CreateScratch();
    private readonly OnnxModel _model = OnnxModel.Load(Path.Combine(Folders.HousePrices, "model.onnx"));
    private readonly JsonElement _body = JsonElement.Parse(
        File.ReadAllBytes(Path.Combine(Folders.HousePrices, "example.json"))
    );
    private readonly GraphCache _graphs = new(new GraphCacheOptions());
    private readonly OnnxModelRequest _request = new(ModelReference.OfPath(Folders.HousePrices))
    {
        Pull = new PullOptions { FreshFor = TimeSpan.FromDays(1) },
    };
    private IReadOnlyDictionary<string, Tensor> _inputs = null!;
    private ModelCache _files = null!;
    private OnnxModels _models = null!;

    /// <summary>Loads the model.</summary>
    [GlobalSetup]
    public void Setup() => SetupAsync().GetAwaiter().GetResult();

    private async Task SetupAsync()
    {
        _inputs = TensorJson.ReadInputs(_body, _model.Inputs);
        _files = new ModelCache(new ModelCacheOptions { StorePath = _store });
        _models = new OnnxModels(_files, _graphs);
        await _models.PredictAsync(_request, _body);
    }

    /// <summary>The session alone, with tensors that are ready.</summary>
    [Benchmark(Baseline = true)]
    public object Run() => _model.Run(_inputs);

    /// <summary>The session alone, with inputs read from JSON.</summary>
    [Benchmark]
    public object ReadAndRun() => _model.Run(TensorJson.ReadInputs(_body, _model.Inputs));

    /// <summary>The same through the caches.</summary>
    [Benchmark]
    public Task<Prediction> Predict() => _models.PredictAsync(_request, _body);

    /// <summary>Unloads the model and removes the store.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _graphs.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _files.Dispose();
        _model.Dispose();
        Directory.Delete(_store, recursive: true);
    }
}
