using System.Collections.Concurrent;
using System.Text.Json;
using Larder.Content;
using Larder.Graphs;
using Larder.Origins;
using Larder.Pull;
using Larder.Workers.Processes;
using Larder.Workers.Serving;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Workers;

/// <summary>Models by reference behind worker processes: their files through the cache of files, the workers through the cache of graphs.</summary>
/// <remarks>
/// Safe for concurrent use. The two caches are the caller's, who disposes the graphs first, which ends all workers, and the files
/// after.
/// </remarks>
/// <param name="files">The cache of files.</param>
/// <param name="graphs">The cache of graphs.</param>
/// <param name="timeProvider">The clock; the system's when null.</param>
/// <param name="logger">Where what workers print goes, and that they are lost; nowhere when null.</param>
public sealed class WorkerModels(
    ModelCache files,
    GraphCache graphs,
    TimeProvider? timeProvider = null,
    ILogger<WorkerModels>? logger = null
)
{
    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;
    private readonly ILogger _logger = logger ?? NullLogger<WorkerModels>.Instance;

    // What each request came to the last time. Only a short cut: with a version that is known and fresh, workers are found
    // without a look at the disk.
    private readonly ConcurrentDictionary<RequestKey, ResolvedWorkers> _resolved = new();

    // Which graphs were loaded for which reference; those that were evicted stay here until the model is unloaded.
    private readonly ConcurrentDictionary<(ModelReference Reference, EntryKey Graph), bool> _graphs = new();

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
    public async Task<IReadOnlyList<GraphWarmth>> WarmAsync(
        IReadOnlyList<WorkerModelRequest> requests,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(requests);
        var wishes = new GraphRequest<WorkerPool>?[requests.Count];
        var failures = new Exception?[requests.Count];
        List<PulledFiles> held = [];
        try
        {
            for (var i = 0; i < requests.Count; i++)
            {
                try
                {
                    var pulled = await PullAsync(requests[i], cancellationToken).ConfigureAwait(false);
                    held.Add(pulled);
                    wishes[i] = Wish(requests[i], pulled);
                }
                catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
                {
                    failures[i] = failure;
                }
            }
            var warmths = await graphs
                .WarmAsync(wishes.OfType<GraphRequest<WorkerPool>>(), cancellationToken)
                .ConfigureAwait(false);
            var byKey = warmths.ToDictionary(warmth => warmth.Key);
            return
            [
                .. wishes.Select((wish, i) => wish is null ? NotPulled(requests[i], failures[i]!) : byKey[wish.Key]),
            ];
        }
        finally
        {
            held.ForEach(pulled => pulled.Dispose());
        }
    }

    /// <summary>Tells of a model whose workers are there at this moment; null when they are not. This is no use of it.</summary>
    public WorkerModelDescription? TryDescribe(WorkerModelRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var key = RequestKey.Of(request);
        if (!_resolved.TryGetValue(key, out var known))
        {
            // Whoever asked without a version may have come to just this one.
            if (!_resolved.TryGetValue(key with { Version = null }, out known) || known.Model.Version != key.Version)
                return null;
        }
        return graphs.Describe(known.Graph).Loaded is null ? null : known.Model;
    }

    /// <summary>Ends the workers of every version of a model that nobody is using; returns whether none is left.</summary>
    public async Task<bool> UnloadAsync(ModelReference reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        foreach (var key in _resolved.Keys.Where(key => key.Reference.Equals(reference)))
            _resolved.TryRemove(key, out _);

        var all = true;
        foreach (var pair in _graphs.Keys.Where(pair => pair.Reference.Equals(reference)))
        {
            // Out of the table before they are ended: a load that begins meanwhile writes itself in again and stays known.
            _graphs.TryRemove(pair, out _);
            if (await graphs.RemoveAsync(pair.Graph, cancellationToken).ConfigureAwait(false) != EvictOutcome.InUse)
                continue;
            _graphs[pair] = true;
            all = false;
        }
        return all;
    }

    /// <summary>The key of the graph that a request comes to, as far as the store can tell; null when its files are not stored.</summary>
    internal EntryKey? TryFindGraph(WorkerModelRequest request) =>
        (request.Pull.Digest ?? files.Find(request.Reference, request.Pull)?.Digest) is { } version
            ? request.Program.KeyFor(version)
            : null;

    private static PullOutcome As(WorkerModelRequest request, PullOutcome outcome) =>
        outcome is PullOutcome.Hit ? request.HitOutcome : outcome;

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

    // It has no version, so no graph: its reference stands for it.
    private static GraphWarmth NotPulled(WorkerModelRequest request, Exception failure) =>
        new(PullRequest.KeyOf(request.Reference, request.Pull), WarmOutcome.Failed, failure);

    private async Task<PulledFiles> PullAsync(WorkerModelRequest request, CancellationToken cancellationToken) =>
        new(await files.PullAsync(request.Reference, request.Pull, cancellationToken).ConfigureAwait(false));

    /// <summary>Leases the workers; pulls the files and starts them first if need be.</summary>
    internal async Task<WorkersLease> RentAsync(WorkerModelRequest request, CancellationToken cancellationToken)
    {
        var start = _timeProvider.GetTimestamp();
        if (
            _resolved.TryGetValue(RequestKey.Of(request), out var known)
            && known.Check.OutcomeAt(_timeProvider.GetUtcNow(), request.Pull) is { } outcome
            && graphs.TryRent<WorkerPool>(known.Graph, out var hot)
        )
        {
            return new WorkersLease(hot, RemoveAsync)
            {
                Version = known.Model.Version,
                Files = As(request, outcome),
                FromCache = true,
                FilesTime = TimeSpan.Zero,
                LoadTime = _timeProvider.GetElapsedTime(start),
            };
        }

        using var pulled = await PullAsync(request, cancellationToken).ConfigureAwait(false);
        var filesTime = _timeProvider.GetElapsedTime(start);
        // All that can fail comes before the lease: nobody would return it.
        var resolve = Resolver(request, pulled);
        var lease = await graphs.RentAsync(Wish(request, pulled), cancellationToken).ConfigureAwait(false);
        resolve(lease.Graph);
        return new WorkersLease(lease, RemoveAsync)
        {
            Version = pulled.Manifest.Digest,
            Files = As(request, pulled.Outcome),
            FromCache = pulled.FromCache,
            FilesTime = filesTime,
            LoadTime = _timeProvider.GetElapsedTime(start) - filesTime,
        };
    }

    private GraphRequest<WorkerPool> Wish(WorkerModelRequest request, PulledFiles pulled)
    {
        var version = pulled.Manifest.Digest;
        var key = request.Program.KeyFor(version);
        var resolve = Resolver(request, pulled);
        _graphs[(request.Reference, key)] = true;
        return new GraphRequest<WorkerPool>(
            key,
            async (load, cancellationToken) =>
            {
                var pool = await LoadAsync(request, version, pulled, cancellationToken).ConfigureAwait(false);
                if (pool.MeasureBytes() is { } bytes)
                    load.Size = GraphSize.OfHost(Math.Min(bytes, GraphSize.MaxBytes));
                resolve(pool);
                pool.Emptied = () => _ = RemoveAsync(key, pool);
                return pool;
            }
        )
        {
            Name = $"{request.Name ?? request.Reference.Text} version {version.ToString()[..12]}",
            EstimatedSize = request.Program.EstimatedBytes is { } bytes ? GraphSize.OfHost(bytes) : GraphSize.Unknown,
        };
    }

    /// <summary>What makes later requests find the workers without a look at the disk.</summary>
    private Action<WorkerPool> Resolver(WorkerModelRequest request, PulledFiles pulled)
    {
        var version = pulled.Manifest.Digest;
        var key = request.Program.KeyFor(version);
        var check = PullCheck.Of(files, request.Reference, request.Pull, pulled, _timeProvider.GetUtcNow());
        var requestKey = RequestKey.Of(request);
        // Whoever asks for the present version gets this one, and so does who asks for it by its digest.
        return pool =>
            _resolved[requestKey] = _resolved[requestKey with { Version = version }] =
                new ResolvedWorkers(
                    key,
                    new WorkerModelDescription(version, pool.Ready.Name, pool.Ready.Inputs, pool.Ready.Outputs),
                    check
                );
    }

    /// <summary>Starts the workers. The caller that brought the files may have left meanwhile: then they are pulled once more.</summary>
    private async Task<WorkerPool> LoadAsync(
        WorkerModelRequest request,
        Digest version,
        PulledFiles pulled,
        CancellationToken cancellationToken
    )
    {
        var snapshot =
            pulled.Take()
            ?? await files
                .PullAsync(request.Reference, request.Pull with { Digest = version }, cancellationToken)
                .ConfigureAwait(false);
        try
        {
            var start = new WorkerStart(request.Program, snapshot.Path, request.Reference.Text, _timeProvider, _logger);
            return await WorkerPool.StartAsync(start, snapshot, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
    }

    /// <summary>Forgets workers that are gone; those that somebody is asking start others themselves.</summary>
    private async Task RemoveAsync(EntryKey key, WorkerPool pool)
    {
        // Once: what has the key afterwards are others.
        if (pool.IsForgotten)
            return;
        try
        {
            var removal = graphs.RemoveAsync(key);
            pool.IsForgotten = removal is not { IsCompletedSuccessfully: true, Result: EvictOutcome.InUse };
            await removal.ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The end of the cache ends them all.
        }
    }
}
