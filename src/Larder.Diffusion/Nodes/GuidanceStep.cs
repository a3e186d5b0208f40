namespace Larder.Diffusion.Nodes;

/// <summary>What adaptive guidance did in a step.</summary>
/// <param name="Sigma">The level of noise that the step began at.</param>
/// <param name="Guidance">The guidance; null where it was left out.</param>
/// <param name="Difference">How far apart the clips with and without the prompt were, of the former's length; null where unknown.</param>
/// <param name="Change">How far the clip moved since the step before, of its own length; null for the first.</param>
public sealed record GuidanceStep(double Sigma, double? Guidance, double? Difference, double? Change);
