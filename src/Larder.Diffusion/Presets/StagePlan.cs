using Larder.Diffusion.Models;
using Larder.Diffusion.Nodes;
using Larder.Diffusion.Scheduling;

namespace Larder.Diffusion.Presets;

/// <summary>What one stage is to do.</summary>
/// <param name="Shape">The sizes of its latents.</param>
/// <param name="Schedule">The levels of noise.</param>
/// <param name="Guidance">The guidance, before it is scaled.</param>
/// <param name="Adaptive">What adaptive guidance may do; null where guidance is fixed.</param>
internal sealed record StagePlan(
    LatentShape Shape,
    SigmaSchedule Schedule,
    double Guidance,
    AdaptiveGuidanceOptions? Adaptive
);
