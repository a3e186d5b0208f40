using Larder.Content;
using Larder.Onnx;

namespace Larder.Diffusion.Models;

/// <summary>The models that make a clip of noise and a text, loaded, and found to fit together.</summary>
/// <remarks>
/// Any number of graphs and runs use them at once. Who loads them disposes of them, which waits for the runs of single models
/// that are under way; graphs that are run after that fail.
/// </remarks>
public sealed class VideoModels : IDisposable
{
    private readonly Vocabulary _vocabulary;

    // Null where there is none, or where these are an outline.
    private readonly OnnxModel? _textEncoder;
    private readonly OnnxModel? _denoiser;
    private readonly OnnxModel? _vaeEncoder;
    private readonly OnnxModel? _vaeDecoder;
    private readonly OnnxModel? _latentUpsampler;

    private VideoModels(
        VideoModelFacts facts,
        Vocabulary vocabulary,
        VideoModelFiles files,
        ModelRules rules,
        LoadedModels loaded
    )
    {
        Facts = facts;
        Files = files;
        _vocabulary = vocabulary;
        _textEncoder = loaded.Take(rules.TextEncoder);
        _denoiser = loaded.Take(rules.Denoiser);
        _vaeEncoder = loaded.Take(rules.VaeEncoder);
        _vaeDecoder = loaded.Take(rules.VaeDecoder);
        _latentUpsampler = files.LatentUpsampler is null ? null : loaded.Take(rules.LatentUpsampler!);
        SizeBytes = loaded.SizeBytes;
    }

    private VideoModels(VideoModelFacts facts, VideoModelFiles files)
    {
        Facts = facts;
        Files = files;
        _vocabulary = Vocabulary.Empty;
    }

    /// <summary>What the directory's <c>model.json</c> says.</summary>
    public VideoModelFacts Facts { get; }

    /// <summary>The files that were loaded.</summary>
    public VideoModelFiles Files { get; }

    /// <summary>The size on disk of the files that were loaded, with what they keep in other files.</summary>
    public long SizeBytes { get; }

    /// <summary>Whether there is what two stages need.</summary>
    public bool HasUpsampler => Files.LatentUpsampler is not null;

    /// <summary>The words that count in a prompt, in the order of their ids.</summary>
    public IReadOnlyList<string> Words => _vocabulary.Words;

    /// <summary>Whether another denoiser than the directory's own was loaded, such as one with LoRAs in its weights.</summary>
    public bool IsDenoiserReplaced { get; private init; }

    /// <summary>Loads the models of a directory. Slow and heavy on the processor: do it once and keep them.</summary>
    /// <param name="directory">The directory, with a <c>model.json</c>.</param>
    /// <param name="files">Files in place of the directory's own; none.</param>
    /// <param name="options">How to load them; null for the defaults.</param>
    /// <exception cref="DiffusionException">Something is missing, damaged or does not fit: all that is wrong.</exception>
    /// <exception cref="OnnxRuntimeMissingException">The native library is not there.</exception>
    public static VideoModels Load(string directory, VideoModelFiles? files = null, OnnxModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var faults = new List<DiffusionFault>();
        var document = VideoModelDocument.Read(directory, faults);
        if (document is null)
            throw Failure(directory, faults);

        var facts = document.Facts;
        var chosen = Choose(document.Files, files ?? new VideoModelFiles());
        var vocabulary = Vocabulary.Read(document.Vocabulary, facts.Padding, faults);
        var rules = new ModelRules(facts);
        using var loaded = new LoadedModels(options, faults);
        loaded.Load(chosen.TextEncoder, rules.TextEncoder);
        loaded.Load(chosen.Denoiser, rules.Denoiser);
        loaded.Load(chosen.VaeEncoder, rules.VaeEncoder);
        loaded.Load(chosen.VaeDecoder, rules.VaeDecoder);
        if (chosen.LatentUpsampler is not null && rules.LatentUpsampler is null)
            faults.Add(
                new DiffusionFault(
                    Path.GetFileName(chosen.LatentUpsampler),
                    $"{VideoModelDocument.FileName} has no latents.half, which is what an upsampler doubles."
                )
            );
        else
            loaded.Load(chosen.LatentUpsampler, rules.LatentUpsampler);
        return faults.Count > 0
            ? throw Failure(directory, faults)
            : new VideoModels(facts, vocabulary!, chosen, rules, loaded)
            {
                IsDenoiserReplaced = files?.Denoiser is not null,
            };
    }

    /// <summary>Models that fit each other and any preset, and of which nothing is loaded: graphs on them can be shown, and not run.</summary>
    internal static VideoModels Outline(VideoModelFacts facts) =>
        new(facts, new VideoModelFiles { LatentUpsampler = "" }) { IsDenoiserReplaced = true };

    /// <summary>The words of a text that count, as the vocabulary has them, in their order.</summary>
    public IReadOnlyList<string> WordsOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _vocabulary.WordsOf(text);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _textEncoder?.Dispose();
        _denoiser?.Dispose();
        _vaeEncoder?.Dispose();
        _vaeDecoder?.Dispose();
        _latentUpsampler?.Dispose();
    }

    /// <summary>The ids of a text's words, not filled up.</summary>
    internal List<long> IdsOf(string text) => _vocabulary.IdsOf(text);

    internal Tensor<float> EncodeText(Tensor<long> ids, CancellationToken cancellationToken) =>
        Run(_textEncoder, ModelRules.Context, cancellationToken, (ModelRules.Ids, ids));

    internal Tensor<float> Velocity(
        Tensor<float> latents,
        Tensor<float> timestep,
        Tensor<float> context,
        CancellationToken cancellationToken
    ) =>
        Run(
            _denoiser,
            ModelRules.Velocity,
            cancellationToken,
            (ModelRules.Latents, latents),
            (ModelRules.Timestep, timestep),
            (ModelRules.Context, context)
        );

    internal Tensor<float> EncodePictures(Tensor<float> video, CancellationToken cancellationToken) =>
        Run(_vaeEncoder, ModelRules.Latents, cancellationToken, (ModelRules.Video, video));

    internal Tensor<float> Decode(Tensor<float> latents, CancellationToken cancellationToken) =>
        Run(_vaeDecoder, ModelRules.Video, cancellationToken, (ModelRules.Latents, latents));

    internal Tensor<float> Upsample(Tensor<float> latents, CancellationToken cancellationToken) =>
        Run(_latentUpsampler, ModelRules.Upsampled, cancellationToken, (ModelRules.Latents, latents));

    private static Tensor<float> Run(
        OnnxModel? model,
        string output,
        CancellationToken cancellationToken,
        params ReadOnlySpan<(string Name, Tensor Value)> inputs
    )
    {
        if (model is null)
            throw new InvalidOperationException($"No model is loaded that gives '{output}'.");
        var named = new Dictionary<string, Tensor>(inputs.Length, StringComparer.Ordinal);
        foreach (var (name, value) in inputs)
            named.Add(name, value);
        return (Tensor<float>)model.Run(named, [output], cancellationToken)[output];
    }

    private static VideoModelFiles Choose(VideoModelFiles own, VideoModelFiles others) =>
        new()
        {
            TextEncoder = others.TextEncoder ?? own.TextEncoder,
            Denoiser = others.Denoiser ?? own.Denoiser,
            VaeEncoder = others.VaeEncoder ?? own.VaeEncoder,
            VaeDecoder = others.VaeDecoder ?? own.VaeDecoder,
            LatentUpsampler = others.LatentUpsampler ?? own.LatentUpsampler,
        };

    private static DiffusionException Failure(string directory, List<DiffusionFault> faults) =>
        new($"The models of {Printable.Quote(directory)} cannot be used", faults);

    /// <summary>Models until they are somebody's; what is left is disposed of.</summary>
    private sealed class LoadedModels(OnnxModelOptions? options, List<DiffusionFault> faults) : IDisposable
    {
        private readonly Dictionary<ModelRule, OnnxModel> _models = [];

        public long SizeBytes { get; private set; }

        public void Load(string? path, ModelRule? rule)
        {
            if (path is null || rule is null)
                return;
            try
            {
                var model = OnnxModel.Load(path, options);
                _models.Add(rule, model);
                SizeBytes += model.SizeBytes;
                rule.Check(model, faults);
            }
            catch (OnnxException failure)
            {
                faults.Add(new DiffusionFault(Path.GetFileName(path), failure.Message));
            }
        }

        public OnnxModel Take(ModelRule rule) =>
            _models.Remove(rule, out var model)
                ? model
                : throw new InvalidOperationException("The model was not loaded, or somebody took it.");

        public void Dispose()
        {
            foreach (var model in _models.Values)
                model.Dispose();
        }
    }
}
