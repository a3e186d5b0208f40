using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Graphs;
using Larder.Onnx.Cold;
using Larder.Onnx.Json;
using Larder.Origins;
using Larder.Pull;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Onnx.Serving;

/// <summary>Models by reference: their files through the cache of files, their sessions through the cache of graphs.</summary>
/// <remarks>Safe for concurrent use. The two caches are the caller's, who disposes the graphs first and the files after.</remarks>
/// <param name="files">The cache of files.</param>
/// <param name="graphs">The cache of graphs.</param>
/// <param name="timeProvider">The clock; the system's when null.</param>
/// <param name="options">How models are loaded; the defaults when null.</param>
/// <param name="logger">Where warnings go; nowhere when null.</param>
public sealed class OnnxModels(
    ModelCache files,
    GraphCache graphs,
    TimeProvider? timeProvider = null,
    OnnxModelsOptions? options = null,
    ILogger<OnnxModels>? logger = null
)
{
    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;

    // What each request came to the last time. Only a short cut: with a version that is known and fresh, a loaded model is
    // found without a look at the disk.
    private readonly ConcurrentDictionary<RequestKey, ResolvedModel> _resolved = new();

    // Which graphs were loaded for which reference; those that were evicted stay here until the model is unloaded.
    private readonly ConcurrentDictionary<(ModelReference Reference, EntryKey Graph), bool> _graphs = new();

    internal ColdModels Cold { get; } =
        new(
            files,
            (options ?? new OnnxModelsOptions()).KeepOptimized,
            timeProvider ?? TimeProvider.System,
            logger ?? NullLogger<OnnxModels>.Instance
        );

    /// <summary>Leases a model, loaded and ready to run; pulls and loads it first if need be.</summary>
    /// <exception cref="LarderException">It could not be had: the failures of <see cref="ModelCache.PullAsync"/>, of the graph cache and of loading.</exception>
    public async Task<OnnxModelLease> RentAsync(OnnxModelRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var start = _timeProvider.GetTimestamp();
        var requestKey = RequestKey.Of(request);
        if (
            _resolved.TryGetValue(requestKey, out var known)
            && known.Check.OutcomeAt(_timeProvider.GetUtcNow(), request.Pull) is { } outcome
            && graphs.TryRent<LoadedModel>(known.Graph, out var hot)
        )
        {
            return new OnnxModelLease(hot, known.Model.Version, As(request, outcome), filesFromCache: true)
            {
                LoadTime = _timeProvider.GetElapsedTime(start),
            };
        }

        var pulled = new PulledFiles(
            await files.PullAsync(request.Reference, request.Pull, cancellationToken).ConfigureAwait(false)
        );
        using (pulled)
        {
            var filesTime = _timeProvider.GetElapsedTime(start);
            // All that can fail comes before the lease: nobody would return it.
            var wish = Wish(request, requestKey, pulled);
            var lease = await graphs.RentAsync(wish.Graph, cancellationToken).ConfigureAwait(false);
            wish.Resolve(lease.Graph);
            return new OnnxModelLease(lease, pulled.Manifest.Digest, As(request, pulled.Outcome), pulled.FromCache)
            {
                FilesTime = filesTime,
                LoadTime = _timeProvider.GetElapsedTime(start) - filesTime,
            };
        }
    }

    /// <summary>Pulls models and loads them into free room; none makes place for another.</summary>
    /// <remarks>What saved most time in the last run is loaded first, if the cache of graphs knows it (<see cref="GraphCache.WarmAsync"/>).</remarks>
    /// <returns>What became of each, in the order of the requests. One that fails does not keep the others from theirs.</returns>
    public async Task<IReadOnlyList<GraphWarmth>> WarmAsync(
        IReadOnlyList<OnnxModelRequest> requests,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(requests);
        var wishes = new ModelWish?[requests.Count];
        var failures = new Exception?[requests.Count];
        List<PulledFiles> held = [];
        try
        {
            for (var i = 0; i < requests.Count; i++)
            {
                try
                {
                    var request = requests[i];
                    var pulled = new PulledFiles(
                        await files.PullAsync(request.Reference, request.Pull, cancellationToken).ConfigureAwait(false)
                    );
                    held.Add(pulled);
                    wishes[i] = Wish(request, RequestKey.Of(request), pulled);
                }
                catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
                {
                    failures[i] = failure;
                }
            }
            var warmths = await graphs
                .WarmAsync(wishes.OfType<ModelWish>().Select(wish => wish.Graph), cancellationToken)
                .ConfigureAwait(false);
            var byKey = warmths.ToDictionary(warmth => warmth.Key);
            return
            [
                .. wishes.Select(
                    (wish, i) => wish is null ? NotPulled(requests[i], failures[i]!) : byKey[wish.Graph.Key]
                ),
            ];
        }
        finally
        {
            held.ForEach(pulled => pulled.Dispose());
        }
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
        var key = RequestKey.Of(request);
        if (!_resolved.TryGetValue(key, out var known))
        {
            // Whoever asked without a version may have come to just this one.
            if (!_resolved.TryGetValue(key with { Version = null }, out known) || known.Model.Version != key.Version)
                return null;
        }
        return graphs.Describe(known.Graph).Loaded is null ? null : known.Model;
    }

    /// <summary>The key of the graph that a request comes to, as far as the store can tell; null when its files are not stored.</summary>
    internal EntryKey? TryFindGraph(OnnxModelRequest request)
    {
        if (_resolved.TryGetValue(RequestKey.Of(request), out var known) && request.Pull.Digest is not null)
            return known.Graph;
        var version = request.Pull.Digest ?? files.Find(request.Reference, request.Pull)?.Digest;
        if (version is not { } digest || files.FindManifest(digest) is not { } manifest)
            return null;
        try
        {
            var file = OnnxFile.Choose(manifest.Files.Select(entry => entry.Path), request.File);
            return GraphKey(digest, file, request.IntraOpThreads);
        }
        catch (OnnxFileException)
        {
            // Which file it is cannot be told, so it was never loaded.
            return null;
        }
    }

    /// <summary>Unloads every version of a model that nobody is using; returns whether none is left loaded.</summary>
    public async Task<bool> UnloadAsync(ModelReference reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        foreach (var key in _resolved.Keys.Where(key => key.Reference.Equals(reference)))
            _resolved.TryRemove(key, out _);

        var all = true;
        foreach (var pair in _graphs.Keys.Where(pair => pair.Reference.Equals(reference)))
        {
            // Out of the table before it is unloaded: a load that begins meanwhile writes itself in again and stays known.
            _graphs.TryRemove(pair, out _);
            if (await graphs.RemoveAsync(pair.Graph, cancellationToken).ConfigureAwait(false) != EvictOutcome.InUse)
                continue;
            _graphs[pair] = true;
            all = false;
        }
        return all;
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

    private static PullOutcome As(OnnxModelRequest request, PullOutcome outcome) =>
        outcome is PullOutcome.Hit ? request.HitOutcome : outcome;

    private static EntryKey GraphKey(Digest version, string file, int intraOpThreads) =>
        EntryKey.Of(
            new JsonObject
            {
                ["kind"] = "onnx-session",
                ["version"] = 1,
                ["manifest"] = version.ToString(),
                ["file"] = file,
                ["intra_op_threads"] = intraOpThreads,
            }
        );

    private ModelWish Wish(OnnxModelRequest request, RequestKey requestKey, PulledFiles pulled)
    {
        var version = pulled.Manifest.Digest;
        var file = OnnxFile.Choose(pulled.Manifest.Files.Select(entry => entry.Path), request.File);
        var key = GraphKey(version, file, request.IntraOpThreads);
        var check = PullCheck.Of(files, request.Reference, request.Pull, pulled, _timeProvider.GetUtcNow());
        _graphs[(request.Reference, key)] = true;
        return new ModelWish(
            new GraphRequest<LoadedModel>(key, LoadAsync)
            {
                Name = $"{request.Name ?? request.Reference.Text} version {version.ToString()[..12]}",
                EstimatedSize = Estimate(pulled.Manifest, file),
            },
            Resolve
        );

        async Task<LoadedModel> LoadAsync(GraphLoad load, CancellationToken cancellationToken)
        {
            var loaded = await this.LoadAsync(request, version, file, pulled, cancellationToken).ConfigureAwait(false);
            load.Size = GraphSize.OfHost(loaded.Model.SizeBytes);
            Resolve(loaded);
            return loaded;
        }

        void Resolve(LoadedModel loaded)
        {
            var model = new OnnxModelDescription(version, loaded.Model.Inputs, loaded.Model.Outputs);
            // Whoever asks for the present version gets this one, and so does who asks for it by its digest.
            _resolved[requestKey] = _resolved[requestKey with { Version = version }] = new ResolvedModel(
                key,
                model,
                check
            );
        }
    }

    // The file, and whatever lies with it that is no other model: weights in files of their own lie beside it.
    private static GraphSize Estimate(Manifest manifest, string file)
    {
        var folder = Path.GetDirectoryName(file);
        return GraphSize.OfHost(
            manifest
                .Files.Where(other =>
                    other.Path == file
                    || (
                        Path.GetDirectoryName(other.Path) == folder
                        && !other.Path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
                    )
                )
                .Sum(other => other.SizeBytes)
        );
    }

    // It has no version, so no graph: its reference stands for it.
    private static GraphWarmth NotPulled(OnnxModelRequest request, Exception failure) =>
        new(PullRequest.KeyOf(request.Reference, request.Pull), WarmOutcome.Failed, failure);

    /// <summary>Loads the model. The caller that brought the files may have left meanwhile: then they are pulled once more.</summary>
    private async Task<LoadedModel> LoadAsync(
        OnnxModelRequest request,
        Digest version,
        string file,
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
            return await Cold.LoadAsync(snapshot, file, request.IntraOpThreads, cancellationToken)
                .ConfigureAwait(false);
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
    }

    /// <summary>A model whose files are there: its graph, and what makes later requests find it without a look at the disk.</summary>
    private sealed record ModelWish(GraphRequest<LoadedModel> Graph, Action<LoadedModel> Resolve);

    private readonly record struct RequestKey(
        ModelReference Reference,
        string? File,
        int IntraOpThreads,
        Digest? Version,
        Digest? Choice
    )
    {
        public static RequestKey Of(OnnxModelRequest request) =>
            new(
                request.Reference,
                request.File,
                request.IntraOpThreads,
                request.Pull.Digest,
                // Of most models all files are wanted, and then this costs nothing.
                request.Pull.IsOfAllFiles
                    ? null
                    : PullRequest.KeyOf(request.Reference, request.Pull).Digest
            );
    }
}
