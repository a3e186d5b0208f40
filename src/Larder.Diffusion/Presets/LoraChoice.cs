namespace Larder.Diffusion.Presets;

/// <summary>A LoRA, and how strongly it changes the denoiser.</summary>
/// <param name="Path">The path of its file.</param>
/// <param name="Strength">How strongly: 1 as it was trained, 0 not at all.</param>
public sealed record LoraChoice(string Path, double Strength = 1);
