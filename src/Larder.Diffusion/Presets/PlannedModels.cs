using Larder.Diffusion.Models;

namespace Larder.Diffusion.Presets;

/// <summary>What must be known of models to plan a preset on them; they need not be loaded.</summary>
/// <param name="Facts">What their <c>model.json</c> says.</param>
/// <param name="HasUpsampler">Whether there is what two stages need.</param>
/// <param name="IsDenoiserReplaced">Whether their denoiser is, or will be, another than the directory's own.</param>
internal readonly record struct PlannedModels(VideoModelFacts Facts, bool HasUpsampler, bool IsDenoiserReplaced)
{
    public static PlannedModels Of(VideoModels models) =>
        new(models.Facts, models.HasUpsampler, models.IsDenoiserReplaced);
}
