using System.Globalization;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Onnx;
using Larder.Onnx.Passes;
using Larder.Origins;
using Larder.Passes;
using Larder.Passes.Running;
using Larder.Pull;
using Larder.Pull.Targets;
using Larder.Sharing;
using Larder.Store;
using Larder.Transfer;
using Microsoft.Extensions.Logging;

namespace Larder.Diffusion.Loras;

/// <summary>Makes variants of denoisers, each once: with LoRAs in the weights, with small weights, or both.</summary>
/// <remarks>
/// A variant is an entry of the store, and of the team's. Its key is the digests of the denoiser's own files and of the LoRAs', the
/// strengths and the order; where any of them lie does not count. Many callers that want one make it once, in this process and
/// across processes. Safe for concurrent use.
/// </remarks>
public sealed class DenoiserVariants
{
    private readonly WorkflowRunner _runner;

    /// <summary>Creates them on a store.</summary>
    /// <param name="cache">The local store; the caller disposes it afterwards.</param>
    /// <param name="shared">The team's store, which the caller disposes afterwards; null for none.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="loggerFactory">Where warnings go; nowhere when null.</param>
    public DenoiserVariants(
        ModelCache cache,
        SharedCache? shared = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null
    ) =>
        _runner = new WorkflowRunner(
            cache,
            new PassSet(OnnxPasses.All(), []),
            shared,
            timeProvider: timeProvider,
            loggerFactory: loggerFactory
        );

    /// <summary>Gets a variant: from the stores where they have it, else by making it.</summary>
    /// <param name="models">The models, held by the caller until this ends.</param>
    /// <param name="file">The denoiser's ONNX file among them, as the manifest calls it.</param>
    /// <param name="variant">What is made of it.</param>
    /// <param name="progress">Told what is done, from any thread; null.</param>
    /// <param name="cancellationToken">Ends the wait; the work itself ends when nobody waits for it.</param>
    /// <returns>The file, held until the caller disposes it.</returns>
    /// <exception cref="DiffusionException">There is no such file, or a LoRA makes no sense: all that is wrong.</exception>
    /// <exception cref="PassException">A LoRA does not fit the denoiser, or is damaged: all that is wrong with all of them.</exception>
    /// <exception cref="NoRoomException">The store has no room for it.</exception>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public async Task<DenoiserFile> GetAsync(
        Snapshot models,
        string file,
        DenoiserVariant variant,
        IProgress<WorkflowProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(variant);
        ThrowIfWrong(models, file, variant);
        var passes = PassesOf(file, variant);
        if (passes.Count == 0)
            return new DenoiserFile(Path.Combine(models.Path, file), made: null);

        var patterns = PatternsOf(models, file);
        var chosen = patterns.Select(Glob.Parse).ToList();
        var digest = Manifest
            .Create(models.Manifest.Files.Where(known => chosen.Exists(glob => glob.Matches(known.Path))))
            .Digest;
        var made = await RunAsync(models.Reference).ConfigureAwait(false);
        return new DenoiserFile(Path.Combine(made.Output.Path, file), made);

        async Task<WorkflowResult> RunAsync(ModelReference reference)
        {
            var workflow = new Workflow
            {
                Input = new WorkflowInput(reference) { Include = patterns, Digest = digest },
                Passes = passes,
            };
            var options = new RunOptions
            {
                Progress = progress,
                // The bytes are here: the origin is asked what it has, and sends none of them where it tells their checksums.
                Pull = new PullOptions { Adopt = new TargetDirectory(models.Path) },
            };
            try
            {
                return await _runner.RunAsync(workflow, options, cancellationToken).ConfigureAwait(false);
            }
            // The origin is down, or has another version by now. What is wanted lies in the store all the same.
            catch (LarderException gone)
                when (gone is OriginException or IntegrityException && ReferenceEquals(reference, models.Reference))
            {
                return await RunAsync(ModelReference.Parse(new Uri(models.Path).AbsoluteUri)).ConfigureAwait(false);
            }
        }
    }

    private static void ThrowIfWrong(Snapshot models, string file, DenoiserVariant variant)
    {
        List<DiffusionFault> faults = [];
        if (!models.Manifest.Files.Any(known => known.Path == file))
            faults.Add(
                new DiffusionFault(
                    Printable.Escape(file),
                    $"The models '{models.Reference}' have no such file. {NameChoice.Suggest(file, [.. models.Manifest.Files.Select(known => known.Path)])}"
                )
            );
        for (var i = 0; i < variant.Loras.Count; i++)
        {
            var lora = variant.Loras[i];
            var subject = string.Create(CultureInfo.InvariantCulture, $"loras[{i}] ({Printable.Quote(lora.Path)})");
            if (!double.IsFinite(lora.Strength))
                faults.Add(new DiffusionFault(subject, "Its strength is infinite or no number."));
            if (!File.Exists(lora.Path))
                faults.Add(new DiffusionFault(subject, "There is no such file."));
        }
        if (faults.Count > 0)
            throw new DiffusionException("The denoiser cannot be made", faults);
    }

    private static List<WorkflowPass> PassesOf(string file, DenoiserVariant variant)
    {
        List<WorkflowPass> passes = [];
        if (variant.Active is { Count: > 0 } loras)
            passes.Add(
                new WorkflowPass(
                    "loras",
                    "onnx-lora",
                    new JsonObject
                    {
                        ["file"] = file,
                        ["loras"] = new JsonArray([
                            .. loras.Select(lora =>
                                (JsonNode)
                                    new JsonObject
                                    {
                                        ["file"] = Path.GetFullPath(lora.Path),
                                        ["strength"] = lora.Strength,
                                    }
                            ),
                        ]),
                    }
                )
            );
        if (variant.IsQuantized)
            passes.Add(
                new WorkflowPass(
                    "int8",
                    "onnx-quantize",
                    new JsonObject
                    {
                        ["file"] = file,
                        // Tables of latents are looked up, which is no sign of words here, and no operator knows their channels.
                        ["axis"] = "closest",
                        ["operators"] = new JsonArray([.. QuantizableWeights.Operators.Select(name => (JsonNode)name)]),
                    }
                )
            );
        return passes;
    }

    // The denoiser's own files and no others: what else the models have is in no key, and is not copied.
    private static List<string> PatternsOf(Snapshot models, string file)
    {
        var known = models.Manifest.Files.Select(other => other.Path).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. ExternalData
                .Files(Path.Combine(models.Path, file))
                .Select(path => Path.GetRelativePath(models.Path, path))
                .Where(known.Contains)
                .Prepend(file)
                .Distinct(StringComparer.Ordinal)
                .Select(PatternFor),
        ];
    }

    // From the top, and every character as it is.
    private static string PatternFor(string path) =>
        "/" + string.Concat(path.Select(letter => letter is '*' or '?' or '[' ? $"\\{letter}" : letter.ToString()));
}
