using System.Collections.Concurrent;
using Larder.Content;
using Larder.Diffusion.Loras;
using Larder.Diffusion.Models;
using Larder.Diffusion.Presets;
using Larder.Graphs;
using Larder.Onnx;
using Larder.Onnx.Serving;
using Larder.Origins;
using Larder.Passes;
using Larder.Passes.Running;
using Larder.Pull;

namespace Larder.Diffusion.Caching;

/// <summary>The graphs of presets, ready to run: their models' files through the cache of files, and all that is loaded through that of graphs.</summary>
/// <remarks>
/// Models are loaded once for all presets and options that run on the same ones, and a preset's graph is built once for the same
/// options, a default and the same value given being one. Safe for concurrent use. The caches are the caller's, who disposes the
/// graphs first and the files after.
/// </remarks>
public sealed class PresetGraphs
{
    // What was asked is remembered for speed only: beyond this, it is forgotten and found again.
    private const int MaxResolved = 4096;

    private readonly ModelCache _files;
    private readonly GraphCache _graphs;
    private readonly DenoiserVariants _variants;
    private readonly OnnxModelOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly LoraFiles _loras;

    // What each request came to the last time: with a version that is known and fresh, a graph is found without a look at the disk.
    private readonly ConcurrentDictionary<RequestKey, ResolvedPreset> _resolved = new();

    /// <summary>Creates them on two caches.</summary>
    /// <param name="files">The cache of files.</param>
    /// <param name="graphs">The cache of graphs; what else lies in it does not matter.</param>
    /// <param name="variants">Who makes denoisers with LoRAs or small weights, on the same cache of files.</param>
    /// <param name="options">How models are loaded; null for the defaults. Later changes to it do not matter.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    public PresetGraphs(
        ModelCache files,
        GraphCache graphs,
        DenoiserVariants variants,
        OnnxModelOptions? options = null,
        TimeProvider? timeProvider = null
    )
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(graphs);
        ArgumentNullException.ThrowIfNull(variants);
        _files = files;
        _graphs = graphs;
        _variants = variants;
        _options = new OnnxModelOptions
        {
            IntraOpThreads = options?.IntraOpThreads ?? new OnnxModelOptions().IntraOpThreads,
            RuntimePath = options?.RuntimePath,
        };
        _timeProvider = timeProvider ?? TimeProvider.System;
        _loras = new LoraFiles(_timeProvider);
    }

    /// <summary>The preset graphs that are loaded now; the models that they are built on are not among them.</summary>
    public int Count => KeysOf(PresetKeys.GraphKind).Count();

    /// <summary>Leases a preset's graph, ready to run; pulls its models, makes its denoiser, loads and builds it first if need be.</summary>
    /// <remarks>
    /// All who want the same at once share one load, and its failure, as <see cref="GraphCache"/> tells. A LoRA is known by the bytes
    /// of its file: one that was replaced in place is another, and the same bytes elsewhere are the same.
    /// </remarks>
    /// <param name="preset">The preset.</param>
    /// <param name="models">The models that it is to run on.</param>
    /// <param name="options">Its options; null for the defaults.</param>
    /// <param name="progress">Told what is done to the denoiser, if that is done for this call; null for nobody.</param>
    /// <param name="cancellationToken">Ends the wait of this caller only.</param>
    /// <exception cref="DiffusionException">The options make no sense, or do not fit the models, or these do not fit together: all that is wrong.</exception>
    /// <exception cref="PassException">A LoRA does not fit the denoiser, or is damaged: all that is wrong with all of them.</exception>
    /// <exception cref="LarderException">It could not be had: the failures of <see cref="ModelCache.PullAsync"/>, of the graph cache and of loading.</exception>
    public Task<PresetLease> RentAsync(
        Preset preset,
        VideoModelRequest models,
        PresetOptions? options = null,
        IProgress<WorkflowProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(preset);
        ArgumentNullException.ThrowIfNull(models);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<PresetLease>(cancellationToken);
        var key = RequestKey.Of(preset, models, options ?? PresetOptions.None);
        return TryRentKnown(key, models.Pull) is { } lease
            ? Task.FromResult(lease)
            : RentSlowlyAsync(key, models, progress, cancellationToken);
    }

    /// <summary>Unloads the preset graphs that nobody uses, then the models that no graph is left of; completes when they are disposed.</summary>
    /// <remarks>The files stay in the store. What else the cache of graphs holds stays, too.</remarks>
    /// <param name="cancellationToken">Ends the wait; what was removed until then stays removed.</param>
    public async Task<PresetClearResult> ClearAsync(CancellationToken cancellationToken = default)
    {
        _resolved.Clear();
        List<EntryKey> kept = [];
        // Models are parts of graphs, so they come after them.
        var removed = await RemoveAsync(PresetKeys.GraphKind, kept, cancellationToken).ConfigureAwait(false);
        var models = await RemoveAsync(PresetKeys.ModelsKind, kept, cancellationToken).ConfigureAwait(false);
        return new PresetClearResult(removed, models, kept);
    }

    /// <summary>What kind of failure to load a preset an exception is; null where the cache of graphs knows better.</summary>
    /// <remarks>For <see cref="GraphCacheOptions.ClassifyFailure"/>. Models that do not fit, and LoRAs that do not fit them, stay so.</remarks>
    public static GraphFailureKind? ClassifyFailure(Exception failure) =>
        failure switch
        {
            DiffusionException or PassException { Failure: PassFailure.Permanent } => GraphFailureKind.Permanent,
            _ => OnnxModels.ClassifyFailure(failure),
        };

    private PresetLease? TryRentKnown(in RequestKey key, PullOptions pull)
    {
        if (
            !_resolved.TryGetValue(key, out var known)
            || known.Check.OutcomeAt(_timeProvider.GetUtcNow(), pull) is not { } outcome
            || !known.HasCurrentLoras
            || !_graphs.TryRent<LoadedPreset>(known.Graph, out var lease)
        )
            return null;
        return new PresetLease(lease, known.Version, outcome);
    }

    private async Task<PresetLease> RentSlowlyAsync(
        RequestKey key,
        VideoModelRequest models,
        IProgress<WorkflowProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var start = _timeProvider.GetTimestamp();
        // What is wrong with the options alone is told before a byte is fetched.
        var needs = key.Preset.Needs(key.Options);
        var loras = await _loras.ReadAsync(needs.Loras, cancellationToken).ConfigureAwait(false);
        var pulled = new PulledFiles(
            await _files.PullAsync(models.Reference, models.Pull, cancellationToken).ConfigureAwait(false)
        );
        using (pulled)
        {
            var filesTime = _timeProvider.GetElapsedTime(start);
            var document = VideoModelDocument.Open(pulled.Path, models.Reference.Text);
            var load = new VideoModelLoad(_files, _variants, _timeProvider)
            {
                Request = models,
                Pulled = pulled,
                Denoiser = Path.GetRelativePath(pulled.Path, document.Files.Denoiser!),
                Needs = needs,
                Loras = loras,
                Options = _options,
                Progress = progress,
            };
            var (request, parent) = Wish(key, document, load);
            var check = PullCheck.Of(_files, models.Reference, models.Pull, pulled, _timeProvider.GetUtcNow());
            var wereLoaded = KeysOf(PresetKeys.ModelsKind).Contains(parent);

            var lease = await _graphs.RentAsync(request, cancellationToken).ConfigureAwait(false);
            Remember(key, new ResolvedPreset(request.Key, pulled.Manifest.Digest, check, loras));
            var fromCache = lease.FromCache || (wereLoaded && !load.HasLoaded);
            var loaded = lease.Graph.Models;
            var rest = _timeProvider.GetElapsedTime(start) - filesTime;
            // Who came late to the load of another waited for a part of it only.
            var variantTime = fromCache ? TimeSpan.Zero : Least(loaded.VariantTime, rest);
            return new PresetLease(lease, pulled.Manifest.Digest, pulled.Outcome)
            {
                FilesFromCache = pulled.FromCache,
                ModelsFromCache = fromCache,
                Passes = fromCache ? [] : loaded.Passes,
                FilesTime = filesTime,
                VariantTime = variantTime,
                LoadTime = rest - variantTime,
            };
        }
    }

    private (GraphRequest<LoadedPreset> Graph, EntryKey Models) Wish(
        RequestKey key,
        VideoModelDocument document,
        VideoModelLoad load
    )
    {
        // All that is wrong with the options for these models is told before a denoiser is made or a model loaded.
        var planned = new PlannedModels(
            document.Facts,
            document.Files.LatentUpsampler is not null,
            load.Needs.IsDenoiserChanged
        );
        var filled = key.Preset.Fill(planned, key.Options);
        var parent = new GraphRequest<LoadedVideoModels>(
            PresetKeys.OfModels(
                load.Pulled.Manifest.Digest,
                load.Loras,
                load.Needs.Quantization,
                _options.IntraOpThreads
            ),
            load.RunAsync
        )
        {
            EstimatedSize = Estimate(load.Pulled, document.Files),
        };
        // Its bytes are those of its models, which count once for all graphs on them.
        var graph = new GraphRequest<LoadedPreset>(
            PresetKeys.OfGraph(key.Preset, parent.Key, filled),
            (graphLoad, _) =>
            {
                var loaded = graphLoad.Parent(parent);
                return Task.FromResult(new LoadedPreset(key.Preset.Build(loaded.Models, key.Options), loaded));
            }
        )
        {
            Parents = [parent],
        };
        return (graph, parent.Key);
    }

    // The files themselves. What they keep in others is measured when they are loaded, and known from then on.
    private static GraphSize Estimate(PulledFiles pulled, VideoModelFiles files)
    {
        var loaded = new[]
        {
            files.TextEncoder,
            files.Denoiser,
            files.VaeEncoder,
            files.VaeDecoder,
            files.LatentUpsampler,
        };
        return GraphSize.OfHost(
            pulled
                .Manifest.Files.Where(file => loaded.Contains(Path.Combine(pulled.Path, file.Path)))
                .Sum(file => file.SizeBytes)
        );
    }

    private void Remember(in RequestKey key, ResolvedPreset resolved)
    {
        if (_resolved.Count >= MaxResolved)
            _resolved.Clear();
        _resolved[key] = resolved;
    }

    private async Task<int> RemoveAsync(string kind, List<EntryKey> kept, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var key in KeysOf(kind))
        {
            switch (await _graphs.RemoveAsync(key, cancellationToken).ConfigureAwait(false))
            {
                case EvictOutcome.Removed:
                    removed++;
                    break;
                case EvictOutcome.InUse:
                    kept.Add(key);
                    break;
            }
        }
        return removed;
    }

    private IEnumerable<EntryKey> KeysOf(string kind) =>
        _graphs.ListGraphs().Select(graph => graph.Key).Where(key => key.Kind == kind);

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private readonly record struct RequestKey(
        Preset Preset,
        ModelReference Reference,
        Digest? Version,
        Digest? Choice,
        PresetOptions Options
    )
    {
        public static RequestKey Of(Preset preset, VideoModelRequest models, PresetOptions options) =>
            new(
                preset,
                models.Reference,
                models.Pull.Digest,
                // Of most models all files are wanted, and then this costs nothing.
                models.Pull.IsOfAllFiles
                    ? null
                    : PullRequest.KeyOf(models.Reference, models.Pull).Digest,
                options
            );
    }
}
