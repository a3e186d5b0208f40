namespace Larder.Diffusion.Presets;

/// <summary>The options of a preset, of one name in all of them. What is null is the preset's default.</summary>
/// <remarks>Options of the same values are equal. Which of them a preset has, and their defaults, <see cref="Preset.Options"/> tells.</remarks>
public sealed record PresetOptions
{
    internal static PresetOptions None { get; } = new();

    /// <summary><c>steps</c>: the steps of the first stage, or of the only one.</summary>
    public int? Steps { get; init; }

    /// <summary><c>guidance</c>: how far to go from the clip without the prompt towards that with it; 1 is no guidance.</summary>
    public double? Guidance { get; init; }

    /// <summary><c>schedule</c>: the name of the schedule.</summary>
    public string? Schedule { get; init; }

    /// <summary><c>min_steps</c>: the steps before which adaptive guidance never stops.</summary>
    public int? MinSteps { get; init; }

    /// <summary><c>stage2_steps</c>: the steps of the second stage.</summary>
    public int? Stage2Steps { get; init; }

    /// <summary><c>stage2_guidance</c>: the guidance of the second stage.</summary>
    public double? Stage2Guidance { get; init; }

    /// <summary><c>stage2_schedule</c>: the name of the schedule of the second stage.</summary>
    public string? Stage2Schedule { get; init; }

    /// <summary><c>stage2_min_steps</c>: the steps of the second stage before which adaptive guidance never stops.</summary>
    public int? Stage2MinSteps { get; init; }

    /// <summary><c>timestep_scaling</c>: whether guidance is scaled by the level of noise.</summary>
    public bool? TimestepScaling { get; init; }

    /// <summary><c>early_exit</c>: whether to stop when the clip hardly changes any more.</summary>
    public bool? EarlyExit { get; init; }

    /// <summary><c>tolerance</c>: how little change is hardly any.</summary>
    public double? Tolerance { get; init; }

    /// <summary><c>drop_unconditional</c>: whether to go on without guidance once the prompt is followed anyway.</summary>
    public bool? DropUnconditional { get; init; }

    /// <summary><c>loras</c>: the LoRAs in the denoiser's weights.</summary>
    public LoraList? Loras { get; init; }

    /// <summary><c>keyframes</c>: the most pictures that a run may give.</summary>
    public int? Keyframes { get; init; }

    /// <summary><c>quantization_method</c>: what the denoiser's weights become.</summary>
    public string? QuantizationMethod { get; init; }

    /// <summary><c>quality_target_percent</c>: how good the quantised denoiser must be.</summary>
    public double? QualityTargetPercent { get; init; }

    /// <summary><c>frames</c>: the pictures of the clip.</summary>
    public int? Frames { get; init; }

    /// <summary><c>width</c>: the pixels from left to right.</summary>
    public int? Width { get; init; }

    /// <summary><c>height</c>: the pixels from top to bottom.</summary>
    public int? Height { get; init; }

    /// <summary><c>tile_size</c>: the pixels along each side of what is decoded at once.</summary>
    public int? TileSize { get; init; }
}
