namespace Larder.Diffusion.Presets;

/// <summary>What must be made of the models before a preset can be built on them.</summary>
public sealed record PresetNeeds
{
    /// <summary>How the denoiser is to be quantised; null if not at all.</summary>
    public QuantizationNeed? Quantization { get; init; }

    /// <summary>The LoRAs to be fused into the denoiser, before it is quantised; those of strength 0 are left out.</summary>
    public LoraList Loras { get; init; } = LoraList.Empty;

    /// <summary>Whether the models must have an upsampler.</summary>
    public bool Upsampler { get; init; }

    /// <summary>Whether another denoiser is needed than that of the models' directory.</summary>
    public bool IsDenoiserChanged => Quantization is not null || Loras.Count > 0;
}
