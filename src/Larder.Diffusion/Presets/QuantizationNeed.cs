namespace Larder.Diffusion.Presets;

/// <summary>How a denoiser is to be quantised.</summary>
/// <param name="Method">What its weights become, such as <c>int8</c>.</param>
/// <param name="QualityTargetPercent">How good it must be, in per cent; one that is not does not do.</param>
public sealed record QuantizationNeed(string Method, double QualityTargetPercent);
