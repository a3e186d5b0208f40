using System.Text.Json;
using Larder.Graphs;
using Larder.Onnx.Serving;
using Larder.Origins;
using Larder.Pull;
using Larder.TestKit;

namespace Larder.Onnx.Tests.Serving;

/// <summary>An origin in memory with a model that adds and multiplies, and the caches between it and its answers.</summary>
internal sealed class ServingWorld : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();

    public ServingWorld(int maxGraphs = 8, TimeProvider? graphTime = null, long? maxBytes = null)
    {
        Origin.Put("model.onnx", Tests.Models.SumAndProduct());
        // What fails fails at once: on a clock that a test moves by hand nobody would wait to the end.
        Files = new ModelCache(new ModelCacheOptions { StorePath = _directory["store"], Retries = 0 }, [Origin], Time);
        var options = new GraphCacheOptions
        {
            MaxGraphs = maxGraphs,
            MaxBytes = maxBytes,
            ClassifyFailure = OnnxModels.ClassifyFailure,
        };
        Graphs = new GraphCache(options, graphTime ?? Time);
        Models = new OnnxModels(Files, Graphs, Time);
    }

    public ManualTimeProvider Time { get; } = new();

    public FakeOrigin Origin { get; } = new();

    public ModelCache Files { get; }

    public GraphCache Graphs { get; }

    public OnnxModels Models { get; }

    /// <summary>Whether somebody holds the files of any model.</summary>
    public bool AnyLeased => Files.List().Any(model => model.Leased);

    public static ModelReference Reference(string name = "model") => FakeOrigin.Reference(name);

    public static OnnxModelRequest Request(string name = "model", TimeSpan? freshFor = null) =>
        new(Reference(name)) { Pull = new PullOptions { FreshFor = freshFor ?? TimeSpan.FromMinutes(5) } };

    public Task<OnnxModelLease> RentAsync(string name = "model", CancellationToken? cancellationToken = null) =>
        Models.RentAsync(Request(name), cancellationToken ?? TestContext.Current.CancellationToken);

    public Task<OnnxModelLease> RentAsync(OnnxModelRequest request) =>
        Models.RentAsync(request, TestContext.Current.CancellationToken);

    /// <summary>Rents and returns at once; the lease still tells how it was come by.</summary>
    public async Task<OnnxModelLease> UseAsync(OnnxModelRequest? request = null)
    {
        var lease = await RentAsync(request ?? Request());
        lease.Dispose();
        return lease;
    }

    public async Task<Prediction> PredictAsync(string body)
    {
        using var document = JsonDocument.Parse(body);
        return await Models.PredictAsync(Request(), document.RootElement, TestContext.Current.CancellationToken);
    }

    /// <summary>Another version of the model, with the same inputs and outputs.</summary>
    public void PutNewVersion() => Origin.Put("labels.txt", "new"u8.ToArray());

    public async ValueTask DisposeAsync()
    {
        await Graphs.DisposeAsync();
        Files.Dispose();
        _directory.Dispose();
    }
}
