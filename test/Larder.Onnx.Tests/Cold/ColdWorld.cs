using Larder.Graphs;
using Larder.Onnx.Cold;
using Larder.Onnx.Serving;
using Larder.TestKit;
using Microsoft.Extensions.Logging;

namespace Larder.Onnx.Tests.Cold;

/// <summary>A model in an origin in memory, a store, and processes that load the model from it.</summary>
internal sealed class ColdWorld : IAsyncDisposable
{
    /// <summary>Keeps a copy of everything.</summary>
    public static readonly ColdRule Always = new()
    {
        LeastModelBytes = 0,
        LeastLoadTime = TimeSpan.Zero,
        BytesPerSecond = long.MaxValue,
    };

    public static readonly ColdFacts Here = new("1.30.0", "a build", "x64", ["avx2", "fma"]);

    private readonly TempDirectory _directory = new();

    public ColdWorld() => Origin.Put("model.onnx", Tests.Models.Foldable());

    public FakeOrigin Origin { get; } = new();

    public RecordingLoggerFactory Log { get; } = new();

    public string Store => _directory["store"];

    /// <summary>A process of its own, as far as its caches go.</summary>
    public ColdProcess Start(
        ColdFacts? facts = null,
        ColdRule? rule = null,
        bool isOn = true,
        Action<ModelCacheOptions>? configure = null
    )
    {
        var options = new ModelCacheOptions { StorePath = Store, Retries = 0 };
        configure?.Invoke(options);
        var files = new ModelCache(options, [Origin], loggerFactory: Log);
        var graphs = new GraphCache(new GraphCacheOptions());
        var models = new OnnxModels(
            files,
            graphs,
            options: new OnnxModelsOptions { KeepOptimized = isOn },
            logger: new Logger<OnnxModels>(Log)
        );
        models.Cold.Rule = rule ?? Always;
        models.Cold.FindFacts = _ => facts ?? Here;
        return new ColdProcess(files, graphs, models);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
