namespace Larder.Diffusion.Loras;

/// <summary>A small change of a denoiser's weights, in a safetensors file.</summary>
/// <param name="Path">The file, as the pass <c>onnx-lora</c> reads it: <c>WEIGHT.lora_A</c> and <c>WEIGHT.lora_B</c> for each weight.</param>
/// <param name="Strength">What it is multiplied with; 1. With 0 it is as if it were not there.</param>
public sealed record Lora(string Path, double Strength = 1);
