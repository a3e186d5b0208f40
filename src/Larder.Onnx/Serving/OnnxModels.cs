using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Graphs;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Onnx.Serving;

/// <summary>Models by reference: their files through the cache of files, their sessions through the cache of graphs.</summary>
/// <remarks>Safe for concurrent use. The two caches are the caller's, who disposes the graphs first and the files after.</remarks>
public sealed class OnnxModels(ModelCache files, GraphCache graphs, TimeProvider? timeProvider = null)
{
    // How long a version goes on being served, without another try, when its origin was down.
    private static readonly TimeSpan StaleFor = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;

    // What each request came to the last time. Only a short cut: with a version that is known and fresh, a loaded model is
    // found without a look at the disk.
    private readonly ConcurrentDictionary<RequestKey, Resolved> _resolved = new();

    // Which reference a graph was last loaded for; graphs that were evicted stay here until their model is unloaded.
    private readonly ConcurrentDictionary<EntryKey, ModelReference> _graphs = new();

    /// <summary>Leases a model, loaded and ready to run; pulls and loads it first if need be.</summary>
    /// <exception cref="LarderException">It could not be had: the failures of <see cref="ModelCache.PullAsync"/>, of the graph cache and of loading.</exception>
    public async Task<OnnxModelLease> RentAsync(OnnxModelRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var start = _timeProvider.GetTimestamp();
        var requestKey = RequestKey.Of(request);
        if (
            _resolved.TryGetValue(requestKey, out var known)
            && _timeProvider.GetUtcNow() < known.FreshUntil
            && !request.Pull.Refresh
            && graphs.TryRent<LoadedModel>(known.Graph, out var hot)
        )
        {
            return new OnnxModelLease(hot, known.Version, PullOutcome.Hit, filesFromCache: true)
            {
                LoadTime = _timeProvider.GetElapsedTime(start),
            };
        }

        var pulled = new PulledFiles(await files.PullAsync(request.Reference, request.Pull, cancellationToken).ConfigureAwait(false));
        using (pulled)
        {
            var filesTime = _timeProvider.GetElapsedTime(start);
            var resolved = Resolve(request, pulled);
            _resolved[requestKey] = resolved;
            _graphs[resolved.Graph] = request.Reference;
            var lease = await graphs
                .RentAsync(resolved.Graph, token => LoadAsync(request, resolved, pulled, token), cancellationToken)
                .ConfigureAwait(false);
            return new OnnxModelLease(lease, resolved.Version, pulled.Outcome, pulled.FromCache)
            {
                FilesTime = filesTime,
                LoadTime = _timeProvider.GetElapsedTime(start) - filesTime,
            };
        }
    }

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
        var outputs = model.Run(TensorJson.ReadInputs(body, model.Inputs), cancellationToken);
        return new Prediction
        {
            Specs = model.Outputs,
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

    /// <summary>A loaded model as it is, without waiting, pulling or loading; null when it is not loaded.</summary>
    public OnnxModelLease? TryRentLoaded(OnnxModelRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return
            _resolved.TryGetValue(RequestKey.Of(request), out var known)
            && graphs.TryRent<LoadedModel>(known.Graph, out var lease)
            ? new OnnxModelLease(lease, known.Version, PullOutcome.Hit, filesFromCache: true)
            : null;
    }

    /// <summary>Unloads every version of a model that nobody is using; returns whether none is left loaded.</summary>
    public async Task<bool> UnloadAsync(ModelReference reference, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var all = true;
        foreach (var (key, _) in _graphs.Where(pair => pair.Value.Equals(reference)).ToList())
        {
            if (await graphs.RemoveAsync(key, cancellationToken).ConfigureAwait(false) == EvictOutcome.InUse)
                all = false;
            else
                _graphs.TryRemove(key, out _);
        }
        return all;
    }

    private Resolved Resolve(OnnxModelRequest request, PulledFiles pulled)
    {
        var manifest = pulled.Manifest;
        var file = OnnxFile.Choose(manifest.Files.Select(entry => entry.Path), request.File);
        var graph = EntryKey.Of(
            new JsonObject
            {
                ["kind"] = "onnx-session",
                ["version"] = 1,
                ["manifest"] = manifest.Digest.ToString(),
                ["file"] = file,
                ["intra_op_threads"] = request.IntraOpThreads,
            }
        );
        var freshFor = pulled.Outcome == PullOutcome.Stale ? StaleFor : request.Pull.FreshFor;
        return new Resolved(graph, manifest.Digest, file, _timeProvider.GetUtcNow() + freshFor);
    }

    /// <summary>Loads the model. The caller that brought the files may have left meanwhile: then they are pulled once more.</summary>
    private async Task<LoadedModel> LoadAsync(
        OnnxModelRequest request,
        Resolved resolved,
        PulledFiles pulled,
        CancellationToken cancellationToken
    )
    {
        var snapshot =
            pulled.Take()
            ?? await files
                .PullAsync(request.Reference, request.Pull with { Digest = resolved.Version }, cancellationToken)
                .ConfigureAwait(false);
        try
        {
            var options = new OnnxModelOptions { IntraOpThreads = request.IntraOpThreads };
            return new LoadedModel(OnnxModel.Load(Path.Combine(snapshot.Path, resolved.File), options), snapshot);
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
    }

    private sealed record Resolved(EntryKey Graph, Digest Version, string File, DateTimeOffset FreshUntil);

    private readonly record struct RequestKey(ModelReference Reference, string? File, int IntraOpThreads)
    {
        public static RequestKey Of(OnnxModelRequest request) => new(request.Reference, request.File, request.IntraOpThreads);
    }
}
