using Larder.Diffusion.Loras;
using Larder.Diffusion.Models;
using Larder.Passes.Running;
using Larder.Pull;

namespace Larder.Diffusion.Caching;

/// <summary>Models in memory together with the hold on their files: weights in external files stay mapped while they live.</summary>
internal sealed class LoadedVideoModels(VideoModels models, DenoiserFile denoiser, Snapshot files, TimeSpan variantTime)
    : IDisposable
{
    public VideoModels Models { get; } = models;

    /// <summary>What was done to the denoiser before it was loaded.</summary>
    public IReadOnlyList<PassResult> Passes { get; } = denoiser.Passes;

    /// <summary>How long that took.</summary>
    public TimeSpan VariantTime { get; } = variantTime;

    public void Dispose()
    {
        try
        {
            Models.Dispose();
        }
        finally
        {
            denoiser.Dispose();
            files.Dispose();
        }
    }
}
