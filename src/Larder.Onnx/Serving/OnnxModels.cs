using System.Text.Json;
using Larder.Content;
using Larder.Graphs;
using Larder.Graphs.Models;
using Larder.Onnx.Cold;
using Larder.Onnx.Json;
using Larder.Origins;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Onnx.Serving;

/// <summary>Models by reference: their files through the cache of files, their sessions through the cache of graphs.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class OnnxModels
{
    private readonly TimeProvider _timeProvider;
    private readonly ModelGraphs<LoadedModel, OnnxSettings, OnnxModelDescription> _models;

    /// <summary>Serves models from two caches, which are the caller's: he disposes the graphs first and the files after.</summary>
    /// <param name="files">The cache of files.</param>
    /// <param name="graphs">The cache of graphs.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="options">How models are loaded; the defaults when null.</param>
    /// <param name="logger">Where warnings go; nowhere when null.</param>
    public OnnxModels(
        ModelCache files,
        GraphCache graphs,
        TimeProvider? timeProvider = null,
        OnnxModelsOptions? options = null,
        ILogger<OnnxModels>? logger = null
    )
    {
        _timeProvider = timeProvider ?? TimeProvider.System;
        Cold = new ColdModels(
            files,
            (options ?? new OnnxModelsOptions()).KeepOptimized,
            _timeProvider,
            logger ?? NullLogger<OnnxModels>.Instance
        );
        _models = new ModelGraphs<LoadedModel, OnnxSettings, OnnxModelDescription>(
            new OnnxModelLoader(Cold),
            files,
            graphs,
            _timeProvider
        );
    }

    internal ColdModels Cold { get; }

    /// <summary>Leases a model, loaded and ready to run; pulls and loads it first if need be.</summary>
    /// <exception cref="LarderException">It could not be had: the failures of <see cref="ModelCache.PullAsync"/>, of the graph cache and of loading.</exception>
    public async Task<OnnxModelLease> RentAsync(OnnxModelRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new OnnxModelLease(
            await _models.RentAsync(request.ForGraphs(), cancellationToken).ConfigureAwait(false)
        );
    }

    /// <summary>Pulls models and loads them into free room; none makes place for another.</summary>
    /// <remarks>What saved most time in the last run is loaded first, if the cache of graphs knows it (<see cref="GraphCache.WarmAsync"/>).</remarks>
    /// <returns>What became of each, in the order of the requests. One that fails does not keep the others from theirs.</returns>
    public Task<IReadOnlyList<GraphWarmth>> WarmAsync(
        IReadOnlyList<OnnxModelRequest> requests,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(requests);
        return _models.WarmAsync([.. requests.Select(request => request.ForGraphs())], cancellationToken);
    }

    /// <summary>What kind of failure to load a model an exception is; null where the cache of graphs knows better.</summary>
    /// <remarks>For <see cref="GraphCacheOptions.ClassifyFailure"/>. A runtime that is missing or a file that it refuses stay so.</remarks>
    public static GraphFailureKind? ClassifyFailure(Exception failure) =>
        failure switch
        {
            OnnxException { Code: OnnxErrorCode.RuntimeException } => GraphFailureKind.OutOfMemory,
            OnnxException { Code: OnnxErrorCode.LoadCanceled } => GraphFailureKind.Transient,
            OnnxException or OnnxFileException or OnnxRuntimeMissingException => GraphFailureKind.Permanent,
            _ => null,
        };

    /// <summary>Answers a request <c>{"inputs": {name: value}}</c>.</summary>
    /// <exception cref="InvalidInputsException">The inputs do not fit the model.</exception>
    /// <exception cref="LarderException">The model could not be had, as for <see cref="RentAsync"/>.</exception>
    public async Task<Prediction> PredictAsync(
        OnnxModelRequest request,
        JsonElement body,
        CancellationToken cancellationToken = default
    )
    {
        var lease = await RentAsync(request, cancellationToken).ConfigureAwait(false);
        await using var _ = lease.ConfigureAwait(false);
        var start = _timeProvider.GetTimestamp();
        var model = lease.Model;
        return Predicted(lease, model.Run(TensorJson.ReadInputs(body, model.Inputs), cancellationToken), start);
    }

    /// <summary>Answers a request <c>{"instances": [{name: value}, …]}</c>: one prediction for each, all by the same version.</summary>
    /// <remarks>
    /// Each is a run of its own. To run them as rows of one tensor would be faster and is left to callers, who know whether the
    /// model keeps its rows apart.
    /// </remarks>
    /// <exception cref="InvalidInputsException">Instances do not fit the model; nothing was run.</exception>
    /// <exception cref="LarderException">The model could not be had, as for <see cref="RentAsync"/>.</exception>
    public async Task<IReadOnlyList<Prediction>> PredictEachAsync(
        OnnxModelRequest request,
        JsonElement body,
        CancellationToken cancellationToken = default
    )
    {
        var lease = await RentAsync(request, cancellationToken).ConfigureAwait(false);
        await using var _ = lease.ConfigureAwait(false);
        var model = lease.Model;
        var predictions = new List<Prediction>();
        foreach (var inputs in InstanceReader.Read(body, model.Inputs))
        {
            var start = _timeProvider.GetTimestamp();
            predictions.Add(Predicted(lease, model.Run(inputs, cancellationToken), start));
        }
        return predictions;
    }

    /// <summary>Tells of a model that is loaded at this moment; null when it is not. This is no use of it.</summary>
    public OnnxModelDescription? TryDescribe(OnnxModelRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _models.TryDescribe(request.ForGraphs());
    }

    /// <summary>The key of the graph that a request comes to, as far as the store can tell; null when its files are not stored.</summary>
    internal EntryKey? TryFindGraph(OnnxModelRequest request) => _models.TryFindGraph(request.ForGraphs());

    /// <summary>Unloads every version of a model that nobody is using; returns whether none is left loaded.</summary>
    public Task<bool> UnloadAsync(ModelReference reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return _models.UnloadAsync(reference, cancellationToken);
    }

    private Prediction Predicted(OnnxModelLease lease, IReadOnlyDictionary<string, Tensor> outputs, long start) =>
        new()
        {
            Specs = lease.Model.Outputs,
            Outputs = outputs,
            Version = lease.Version,
            Files = lease.Files,
            FromCache = lease.FilesFromCache,
            GraphFromCache = lease.GraphFromCache,
            FilesTime = lease.FilesTime,
            LoadTime = lease.LoadTime,
            RunTime = _timeProvider.GetElapsedTime(start),
        };
}
