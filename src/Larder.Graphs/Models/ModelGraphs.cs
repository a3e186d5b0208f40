using System.Collections.Concurrent;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Graphs.Models;

/// <summary>Models by reference as graphs: their files through the cache of files, what is loaded of them through the cache of graphs.</summary>
/// <remarks>Safe for concurrent use. The two caches are the caller's.</remarks>
/// <param name="loader">How a graph is made of files.</param>
/// <param name="files">The cache of files.</param>
/// <param name="graphs">The cache of graphs.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class ModelGraphs<TGraph, TSettings, TModel>(
    IModelLoader<TGraph, TSettings, TModel> loader,
    ModelCache files,
    GraphCache graphs,
    TimeProvider timeProvider
)
    where TGraph : class
    where TSettings : IEquatable<TSettings>
    where TModel : class
{
    // What each request came to the last time. Only a short cut: with a version that is known and fresh, a graph is found
    // without a look at the disk.
    private readonly ConcurrentDictionary<RequestKey, Resolved> _resolved = new();

    // Which graphs were loaded for which reference; evicted ones stay until the model is unloaded or has another.
    private readonly ConcurrentDictionary<(ModelReference Reference, EntryKey Graph), bool> _graphs = new();

    /// <summary>How many requests and graphs are remembered.</summary>
    internal int Remembered => _resolved.Count + _graphs.Count;

    /// <summary>Leases a model, loaded; pulls and loads it first if need be.</summary>
    /// <exception cref="LarderException">It could not be had.</exception>
    public async ValueTask<ModelLease<TGraph>> RentAsync(
        ModelRequest<TSettings> request,
        CancellationToken cancellationToken
    )
    {
        var start = timeProvider.GetTimestamp();
        if (
            _resolved.TryGetValue(RequestKey.Of(request), out var known)
            && known.Check.OutcomeAt(timeProvider.GetUtcNow(), request.Pull) is { } outcome
            && graphs.TryRent<TGraph>(known.Graph, out var hot)
        )
        {
            return new ModelLease<TGraph>(
                hot,
                known.Version,
                As(request, outcome),
                FilesFromCache: true,
                FilesTime: TimeSpan.Zero,
                LoadTime: timeProvider.GetElapsedTime(start)
            );
        }

        using var pulled = await PullAsync(request, cancellationToken).ConfigureAwait(false);
        var filesTime = timeProvider.GetElapsedTime(start);
        // All that can fail comes before the lease: nobody would return it.
        var wish = Wish(request, pulled);
        var lease = await graphs.RentAsync(wish.Graph, cancellationToken).ConfigureAwait(false);
        wish.Resolve(lease.Graph);
        return new ModelLease<TGraph>(
            lease,
            pulled.Manifest.Digest,
            As(request, pulled.Outcome),
            pulled.FromCache,
            filesTime,
            timeProvider.GetElapsedTime(start) - filesTime
        );
    }

    /// <summary>Pulls models and loads them into free room; none makes place for another.</summary>
    /// <returns>What became of each, in the order of the requests. One that fails does not keep the others from theirs.</returns>
    public async Task<IReadOnlyList<GraphWarmth>> WarmAsync(
        IReadOnlyList<ModelRequest<TSettings>> requests,
        CancellationToken cancellationToken
    )
    {
        var wishes = new ModelWish?[requests.Count];
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

    /// <summary>Tells of a model that is loaded at this moment; null when it is not. This is no use of it.</summary>
    public TModel? TryDescribe(ModelRequest<TSettings> request)
    {
        var key = RequestKey.Of(request);
        if (!_resolved.TryGetValue(key, out var known))
        {
            // Whoever asked without a version may have come to just this one.
            if (!_resolved.TryGetValue(key with { Version = null }, out known) || known.Version != key.Version)
                return null;
        }
        return graphs.Describe(known.Graph).Loaded is null ? null : known.Model;
    }

    /// <summary>The key of the graph that a request comes to, as far as the store can tell; null when its files are not stored.</summary>
    public EntryKey? TryFindGraph(ModelRequest<TSettings> request)
    {
        if (request.Pull.Digest is not null && _resolved.TryGetValue(RequestKey.Of(request), out var known))
            return known.Graph;
        var version = request.Pull.Digest ?? files.Find(request.Reference, request.Pull)?.Digest;
        if (version is not { } digest || files.FindManifest(digest) is not { } manifest)
            return null;
        try
        {
            return loader.KeyOf(manifest, request.Settings);
        }
        catch (LarderException)
        {
            // What cannot be made of its files was never loaded.
            return null;
        }
    }

    /// <summary>Unloads every version of a model that nobody is using; returns whether none is left loaded.</summary>
    public async Task<bool> UnloadAsync(ModelReference reference, CancellationToken cancellationToken)
    {
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

    private static PullOutcome As(in ModelRequest<TSettings> request, PullOutcome outcome) =>
        outcome is PullOutcome.Hit ? request.HitOutcome : outcome;

    // It has no version, so no graph: its reference stands for it.
    private static GraphWarmth NotPulled(in ModelRequest<TSettings> request, Exception failure) =>
        new(PullRequest.KeyOf(request.Reference, request.Pull), WarmOutcome.Failed, failure);

    private async Task<PulledFiles> PullAsync(ModelRequest<TSettings> request, CancellationToken cancellationToken) =>
        new(await files.PullAsync(request.Reference, request.Pull, cancellationToken).ConfigureAwait(false));

    private ModelWish Wish(ModelRequest<TSettings> request, PulledFiles pulled)
    {
        var version = pulled.Manifest.Digest;
        var key = loader.KeyOf(pulled.Manifest, request.Settings);
        var requestKey = RequestKey.Of(request);
        var check = PullCheck.Of(files, request.Reference, request.Pull, pulled, timeProvider.GetUtcNow());
        Remember(request.Reference, key);
        return new ModelWish(
            new GraphRequest<TGraph>(key, LoadAsync)
            {
                Name = $"{request.Name ?? request.Reference.Text} version {version.ToString()[..12]}",
                EstimatedSize = loader.Estimate(pulled.Manifest, request.Settings),
            },
            Resolve
        );

        async Task<TGraph> LoadAsync(GraphLoad load, CancellationToken cancellationToken)
        {
            // The caller that brought the files may have left meanwhile: then they are pulled once more.
            var snapshot =
                pulled.Take()
                ?? await files
                    .PullAsync(request.Reference, request.Pull with { Digest = version }, cancellationToken)
                    .ConfigureAwait(false);
            TGraph graph;
            try
            {
                graph = await loader
                    .LoadAsync(load, snapshot, request.Reference, request.Settings, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch
            {
                snapshot.Dispose();
                throw;
            }
            Resolve(graph);
            return graph;
        }

        void Resolve(TGraph graph)
        {
            Remember(request.Reference, key);
            // Whoever asks for the present version gets this one, and so does who asks for it by its digest.
            _resolved[requestKey] = _resolved[requestKey with { Version = version }] = new Resolved(
                key,
                version,
                loader.Describe(version, graph),
                check
            );
        }
    }

    /// <summary>Remembers a graph of a model, and forgets those of it that have gone, so that nothing grows with its versions.</summary>
    private void Remember(ModelReference reference, EntryKey graph)
    {
        if (!_graphs.TryAdd((reference, graph), value: true))
            return;
        foreach (var (pair, _) in _graphs)
        {
            // One that is only about to be loaded is remembered once more when it is.
            if (
                pair.Reference.Equals(reference)
                && !pair.Graph.Equals(graph)
                && graphs.Describe(pair.Graph) is { IsLoading: false, Loaded: null }
            )
                _graphs.TryRemove(pair, out _);
        }
        foreach (var known in _resolved)
        {
            if (known.Key.Reference.Equals(reference) && !_graphs.ContainsKey((reference, known.Value.Graph)))
                _resolved.TryRemove(known);
        }
    }

    /// <summary>A model whose files are there: its graph, and what makes later requests find it without a look at the disk.</summary>
    private sealed record ModelWish(GraphRequest<TGraph> Graph, Action<TGraph> Resolve);

    /// <summary>What a request came to the last time, and for how long that may answer it again without a look at the disk.</summary>
    private sealed record Resolved(EntryKey Graph, Digest Version, TModel Model, PullCheck Check);

    /// <summary>What is the same for requests that come to the same graph as long as the origin's version does not change.</summary>
    private readonly record struct RequestKey(
        ModelReference Reference,
        TSettings Settings,
        Digest? Version,
        Digest? Choice
    )
    {
        public static RequestKey Of(in ModelRequest<TSettings> request) =>
            new(
                request.Reference,
                request.Settings,
                request.Pull.Digest,
                // Of most models all files are wanted, and then this costs nothing.
                request.Pull.IsOfAllFiles
                    ? null
                    : PullRequest.KeyOf(request.Reference, request.Pull).Digest
            );
    }
}
