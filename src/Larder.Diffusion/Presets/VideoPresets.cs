using Larder.Content;
using Larder.Diffusion.Scheduling;

namespace Larder.Diffusion.Presets;

/// <summary>The presets by name: five ways to make a clip, each also with adaptive guidance and with a quantised denoiser.</summary>
public static class VideoPresets
{
    // What a preset of the prior system that adapts its guidance begins with, whatever its plain counterpart does.
    private const double AdaptiveGuidance = 7.5;
    private const double Tolerance = 0.01;
    private const int TileSize = 128;

    /// <summary>All presets: five plain, five adaptive, five quantised.</summary>
    public static IReadOnlyList<Preset> All { get; } =
    [
        OneStage("t2v_one_stage", "Noise to clip at full size.", 30, Plain(7.5)),
        TwoStages(
            "t2v_two_stages",
            "A draft at half size, then refined at full size.",
            15,
            Plain(7.5),
            secondShare: 0.5
        ),
        Distilled("distilled_fast", "A few steps without guidance.", Plain(1)),
        IcLora("ic_lora", "With LoRAs in the denoiser's weights.", Plain(7)),
        Keyframes("keyframe_interpolation", "Between pictures that are given.", Plain(5)),
        OneStage("t2v_one_stage_adaptive", "Noise to clip at full size, with guidance that adapts.", 30, Adaptive(15)),
        TwoStages(
            "t2v_two_stages_adaptive",
            "A draft at half size, then refined at full size, with guidance that adapts.",
            15,
            Adaptive(10, secondMinSteps: 6),
            secondShare: 0.5
        ),
        Distilled("distilled_fast_adaptive", "A few steps, with guidance that adapts.", Adaptive(2)),
        IcLora("ic_lora_adaptive", "With LoRAs in the denoiser's weights, with guidance that adapts.", Adaptive(15)),
        Keyframes(
            "keyframe_interpolation_adaptive",
            "Between pictures that are given, with guidance that adapts.",
            Adaptive(12)
        ),
        OneStage(
            "t2v_one_stage_quantized",
            "Noise to clip at full size, with quantised weights.",
            30,
            Quantized(7.5, 95)
        ),
        TwoStages(
            "t2v_two_stages_quantized",
            "A draft at half size, then refined at full size, with quantised weights.",
            20,
            Quantized(7.5, 94),
            secondShare: 0.8
        ),
        Distilled(
            "distilled_fast_quantized",
            "A few steps without guidance, with quantised weights.",
            Quantized(1, 92)
        ),
        IcLora("ic_lora_quantized", "With LoRAs in the denoiser's weights, quantised.", Quantized(7, 95)),
        Keyframes(
            "keyframe_interpolation_quantized",
            "Between pictures that are given, with quantised weights.",
            Quantized(5, 95)
        ),
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(preset => preset.Name)];

    /// <summary>A preset by its name.</summary>
    /// <exception cref="DiffusionException">There is no such preset.</exception>
    public static Preset Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(preset => string.Equals(preset.Name, name, StringComparison.Ordinal))
            ?? throw new DiffusionException(
                $"The preset '{Printable.Escape(name)}' cannot be had",
                [new DiffusionFault("preset", $"There is none of this name. {NameChoice.Suggest(name, Names)}")]
            );
    }

    private static Preset OneStage(string name, string about, int steps, Variant variant) =>
        Make(name, about, Stage(steps, variant), variant);

    private static Preset Distilled(string name, string about, Variant variant) =>
        Make(name, about, Stage(4, variant), variant, hasCleanup: false);

    private static Preset IcLora(string name, string about, Variant variant) =>
        Make(name, about, Stage(25, variant).Add(OptionRules.Loras, LoraList.Empty), variant);

    private static Preset Keyframes(string name, string about, Variant variant) =>
        Make(name, about, Stage(20, variant).Add(OptionRules.Keyframes, 4), variant);

    private static Preset TwoStages(string name, string about, int steps, Variant variant, double secondShare)
    {
        var defaults = Stage(steps, variant)
            .Add(OptionRules.Stage2Steps, 10)
            .AddDerived(
                variant.IsAdaptive ? OptionRules.AdaptiveStage2Guidance : OptionRules.Stage2Guidance,
                FormattableString.Invariant($"{secondShare} × `guidance`")
            )
            .Add(OptionRules.Stage2Schedule, Schedules.Ltx);
        if (variant.SecondMinSteps is { } minSteps)
            defaults.Add(OptionRules.Stage2MinSteps, minSteps);
        return Make(name, about, defaults, variant, secondShare: secondShare);
    }

    private static PresetDefaults Stage(int steps, Variant variant)
    {
        var defaults = new PresetDefaults()
            .Add(OptionRules.Steps, steps)
            .Add(variant.IsAdaptive ? OptionRules.AdaptiveGuidance : OptionRules.Guidance, variant.Guidance)
            .Add(OptionRules.Schedule, Schedules.Ltx);
        return variant.MinSteps is { } minSteps ? defaults.Add(OptionRules.MinSteps, minSteps) : defaults;
    }

    private static Preset Make(
        string name,
        string about,
        PresetDefaults defaults,
        Variant variant,
        bool hasCleanup = true,
        double secondShare = 1
    )
    {
        if (variant.IsAdaptive)
            defaults
                .Add(OptionRules.TimestepScaling, true)
                .Add(OptionRules.EarlyExit, true)
                .Add(OptionRules.Tolerance, Tolerance)
                .Add(OptionRules.DropUnconditional, true);
        if (variant.QualityTarget is { } target)
            defaults
                .Add(OptionRules.QuantizationMethod, OptionRules.Int8)
                .Add(OptionRules.QualityTargetPercent, target);
        defaults
            .AddDerived(OptionRules.Frames, "the models'")
            .AddDerived(OptionRules.Width, "the models'")
            .AddDerived(OptionRules.Height, "the models'")
            .Add(OptionRules.TileSize, TileSize);
        return new Preset(name, about, defaults, hasCleanup, secondShare);
    }

    private static Variant Plain(double guidance) => new(guidance, null, null, null);

    private static Variant Adaptive(int minSteps, int? secondMinSteps = null) =>
        new(AdaptiveGuidance, minSteps, secondMinSteps, null);

    private static Variant Quantized(double guidance, double qualityTarget) => new(guidance, null, null, qualityTarget);

    private sealed record Variant(double Guidance, int? MinSteps, int? SecondMinSteps, double? QualityTarget)
    {
        public bool IsAdaptive => MinSteps is not null;
    }
}
