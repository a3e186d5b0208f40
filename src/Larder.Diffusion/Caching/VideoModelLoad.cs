using Larder.Content;
using Larder.Diffusion.Loras;
using Larder.Diffusion.Models;
using Larder.Diffusion.Presets;
using Larder.Graphs;
using Larder.Onnx;
using Larder.Passes.Running;
using Larder.Pull;

namespace Larder.Diffusion.Caching;

/// <summary>Brings models into memory, with the denoiser that a preset needs.</summary>
/// <param name="files">The cache of files.</param>
/// <param name="variants">Who makes denoisers.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class VideoModelLoad(ModelCache files, DenoiserVariants variants, TimeProvider timeProvider)
{
    /// <summary>Which models, already pulled.</summary>
    public required VideoModelRequest Request { get; init; }

    /// <summary>Their files.</summary>
    public required PulledFiles Pulled { get; init; }

    /// <summary>The denoiser's file among them, as the manifest calls it.</summary>
    public required string Denoiser { get; init; }

    public required PresetNeeds Needs { get; init; }

    public required IReadOnlyList<LoraFile> Loras { get; init; }

    public required OnnxModelOptions Options { get; init; }

    public IProgress<WorkflowProgress>? Progress { get; init; }

    /// <summary>Whether it ended well; what was there before has none.</summary>
    public bool HasLoaded { get; private set; }

    /// <summary>Loads them. The caller that brought the files may have left meanwhile: then they are pulled once more.</summary>
    public async Task<LoadedVideoModels> RunAsync(GraphLoad load, CancellationToken cancellationToken)
    {
        var snapshot =
            Pulled.Take()
            ?? await files
                .PullAsync(Request.Reference, Request.Pull with { Digest = Pulled.Manifest.Digest }, cancellationToken)
                .ConfigureAwait(false);
        DenoiserFile? denoiser = null;
        try
        {
            var start = timeProvider.GetTimestamp();
            denoiser = await MakeDenoiserAsync(snapshot, cancellationToken).ConfigureAwait(false);
            var variantTime = Needs.IsDenoiserChanged ? timeProvider.GetElapsedTime(start) : TimeSpan.Zero;
            cancellationToken.ThrowIfCancellationRequested();
            var models = VideoModels.Load(
                snapshot.Path,
                Needs.IsDenoiserChanged ? new VideoModelFiles { Denoiser = denoiser.Path } : null,
                Options
            );
            load.Size = GraphSize.OfHost(models.SizeBytes);
            HasLoaded = true;
            return new LoadedVideoModels(models, denoiser, snapshot, variantTime);
        }
        catch
        {
            denoiser?.Dispose();
            snapshot.Dispose();
            throw;
        }
    }

    private async Task<DenoiserFile> MakeDenoiserAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var variant = new DenoiserVariant
        {
            Loras = [.. Loras.Select(lora => new Lora(lora.File.Path, lora.Strength))],
            IsQuantized = Needs.Quantization is not null,
        };
        var denoiser = await variants
            .GetAsync(snapshot, Denoiser, variant, Progress, cancellationToken)
            .ConfigureAwait(false);
        // The key says which bytes were meant. Another file in their place must not be kept under it.
        if (Loras.FirstOrDefault(lora => lora.File.HasChanged(cancellationToken)) is { File: { } changed })
        {
            denoiser.Dispose();
            throw new DiffusionException(
                "The denoiser cannot be made",
                [
                    new DiffusionFault(
                        Printable.Quote(changed.Path),
                        "The LoRA was changed while it was read: ask again."
                    ),
                ]
            );
        }
        return denoiser;
    }
}
