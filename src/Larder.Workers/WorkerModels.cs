using System.Text.Json;
using Larder.Content;
using Larder.Graphs;
using Larder.Graphs.Models;
using Larder.Origins;
using Larder.Workers.Processes;
using Larder.Workers.Serving;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Workers;

/// <summary>Models by reference behind worker processes: their files through the cache of files, the workers through the cache of graphs.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class WorkerModels
{
    private readonly TimeProvider _timeProvider;
    private readonly WorkerPoolLoader _loader;
    private readonly ModelGraphs<WorkerPool, WorkerSettings, WorkerModelDescription> _models;

    /// <summary>Serves models from two caches, which are the caller's: he disposes the graphs first, which ends all workers, and the files after.</summary>
    /// <param name="files">The cache of files.</param>
    /// <param name="graphs">The cache of graphs.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="logger">Where what workers print goes, and that they are lost; nowhere when null.</param>
    public WorkerModels(
        ModelCache files,
        GraphCache graphs,
        TimeProvider? timeProvider = null,
        ILogger<WorkerModels>? logger = null
    )
    {
        _timeProvider = timeProvider ?? TimeProvider.System;
        _loader = new WorkerPoolLoader(graphs, _timeProvider, logger ?? NullLogger<WorkerModels>.Instance);
        _models = new ModelGraphs<WorkerPool, WorkerSettings, WorkerModelDescription>(
            _loader,
            files,
            graphs,
            _timeProvider
        );
    }

    /// <summary>What kind of failure to load a model an exception is; null where the cache of graphs knows better.</summary>
    /// <remarks>
    /// For <see cref="GraphCacheOptions.ClassifyFailure"/>. A program that is missing stays so; a worker that was not ready may have
    /// missed something that comes, and is tried again soon, and less and less often.
    /// </remarks>
    public static GraphFailureKind? ClassifyFailure(Exception failure) =>
        failure switch
        {
            WorkerException { Failure: WorkerFailure.ProgramMissing } => GraphFailureKind.Permanent,
            WorkerException => GraphFailureKind.Transient,
            _ => null,
        };

    /// <summary>Answers a request <c>{"inputs": {name: value}}</c>; pulls the files and starts the workers first if need be.</summary>
    /// <exception cref="InvalidWorkerInputsException">The inputs do not fit the model.</exception>
    /// <exception cref="WorkerException">The workers could not be started, or gave no answer.</exception>
    /// <exception cref="LarderException">The files could not be had, or there is no room for the workers.</exception>
    public async Task<WorkerPrediction> PredictAsync(
        WorkerModelRequest request,
        JsonElement body,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        var predictions = await RunAsync(request, [InputsOf(body)], cancellationToken).ConfigureAwait(false);
        return predictions[0];
    }

    /// <summary>Answers a request <c>{"instances": [{name: value}, …]}</c>: each asked for itself, in their order, and all of one version.</summary>
    /// <exception cref="InvalidWorkerInputsException">An instance does not fit the model; those after it were not asked.</exception>
    /// <exception cref="WorkerException">The workers could not be started, or gave no answer.</exception>
    /// <exception cref="LarderException">The files could not be had, or there is no room for the workers.</exception>
    public Task<IReadOnlyList<WorkerPrediction>> PredictEachAsync(
        WorkerModelRequest request,
        JsonElement body,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        return RunAsync(request, WorkerInstances.Read(body), cancellationToken);
    }

    /// <summary>Pulls models and starts their workers in free room; none makes place for another.</summary>
    /// <returns>What became of each, in the order of the requests. One that fails does not keep the others from theirs.</returns>
    public Task<IReadOnlyList<GraphWarmth>> WarmAsync(
        IReadOnlyList<WorkerModelRequest> requests,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(requests);
        return _models.WarmAsync([.. requests.Select(request => request.ForGraphs())], cancellationToken);
    }

    /// <summary>Tells of a model whose workers are there at this moment; null when they are not. This is no use of it.</summary>
    public WorkerModelDescription? TryDescribe(WorkerModelRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _models.TryDescribe(request.ForGraphs());
    }

    /// <summary>Ends the workers of every version of a model that nobody is using; returns whether none is left.</summary>
    public Task<bool> UnloadAsync(ModelReference reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return _models.UnloadAsync(reference, cancellationToken);
    }

    /// <summary>The key of the graph that a request comes to, as far as the store can tell; null when its files are not stored.</summary>
    internal EntryKey? TryFindGraph(WorkerModelRequest request) => _models.TryFindGraph(request.ForGraphs());

    /// <summary>Leases the workers; pulls the files and starts them first if need be.</summary>
    internal async Task<WorkersLease> RentAsync(WorkerModelRequest request, CancellationToken cancellationToken) =>
        new(await _models.RentAsync(request.ForGraphs(), cancellationToken).ConfigureAwait(false), _loader);

    private static JsonElement InputsOf(JsonElement body) =>
        body.ValueKind is JsonValueKind.Object
        && body.TryGetProperty("inputs", out var inputs)
        && inputs.ValueKind is JsonValueKind.Object
            ? inputs
            : throw new InvalidWorkerInputsException([
                new WorkerInputFault(
                    "inputs",
                    "The request must be an object with an object of inputs, such as {\"inputs\": {\"rooms\": 3}}."
                ),
            ]);

    private async Task<IReadOnlyList<WorkerPrediction>> RunAsync(
        WorkerModelRequest request,
        IReadOnlyList<JsonElement> all,
        CancellationToken cancellationToken
    )
    {
        var lease = await RentAsync(request, cancellationToken).ConfigureAwait(false);
        await using var _ = lease.ConfigureAwait(false);
        var predictions = new List<WorkerPrediction>(all.Count);
        foreach (var inputs in all)
        {
            var start = _timeProvider.GetTimestamp();
            var outputs = await lease
                .RunAsync(inputs, request.Program.RequestTimeout, cancellationToken)
                .ConfigureAwait(false);
            predictions.Add(
                new WorkerPrediction
                {
                    Outputs = outputs,
                    Version = lease.Version,
                    Files = lease.Files,
                    FromCache = lease.FromCache,
                    GraphFromCache = lease.GraphFromCache,
                    FilesTime = lease.FilesTime,
                    LoadTime = lease.LoadTime,
                    RunTime = _timeProvider.GetElapsedTime(start),
                }
            );
        }
        return predictions;
    }
}
