using Larder.Diffusion.Nodes;
using Larder.Diffusion.Scheduling;

namespace Larder.Diffusion.Presets;

/// <summary>All options that presets have.</summary>
internal static class OptionRules
{
    public const string Int8 = "int8";
    public const double LeastGuidance = 1;

    private const int MaxSteps = LtxSchedule.MaxSteps;
    private const double MostGuidance = 20;
    private const double MaxStrength = 10;
    private const int MaxSide = 1 << 16;
    private static readonly string[] FirstSchedules = [Schedules.Ltx, Schedules.Distilled];
    private static readonly string[] SecondSchedules =
    [
        Schedules.Ltx,
        Schedules.DistilledStage2,
        Schedules.DistilledStage2MultiGpu,
    ];
    private static readonly string[] QuantizationMethods = [Int8];

    public static readonly OptionRule<int> Steps = Whole(
        "steps",
        "The steps of the first stage, or of the only one.",
        options => options.Steps,
        (options, value) => options with { Steps = value },
        1,
        MaxSteps
    );

    public static readonly OptionRule<double> Guidance = Number(
        "guidance",
        "How far to go from the clip without the prompt towards that with it; 1 is no guidance and half the work.",
        options => options.Guidance,
        (options, value) => options with { Guidance = value },
        LeastGuidance,
        MostGuidance
    );

    public static readonly OptionRule<double> AdaptiveGuidance = Number(
        "guidance",
        "The guidance that is scaled; what comes of it stays in the same range.",
        options => options.Guidance,
        (options, value) => options with { Guidance = value },
        AdaptiveGuidanceOptions.LeastGuidance,
        AdaptiveGuidanceOptions.MostGuidance
    );

    public static readonly OptionRule<string> Schedule = OneOf(
        "schedule",
        "The levels of noise; those of `distilled` are 8 steps, whatever the default of `steps`.",
        options => options.Schedule,
        (options, value) => options with { Schedule = value },
        FirstSchedules
    );

    public static readonly OptionRule<int> MinSteps = Whole(
        "min_steps",
        "The steps before which it never stops; at most `steps`.",
        options => options.MinSteps,
        (options, value) => options with { MinSteps = value },
        1,
        MaxSteps
    );

    public static readonly OptionRule<int> Stage2Steps = Whole(
        "stage2_steps",
        "The steps of the second stage.",
        options => options.Stage2Steps,
        (options, value) => options with { Stage2Steps = value },
        1,
        MaxSteps
    );

    public static readonly OptionRule<double> Stage2Guidance = Number(
        "stage2_guidance",
        "The guidance of the second stage.",
        options => options.Stage2Guidance,
        (options, value) => options with { Stage2Guidance = value },
        LeastGuidance,
        MostGuidance
    );

    public static readonly OptionRule<double> AdaptiveStage2Guidance = Number(
        "stage2_guidance",
        "The guidance of the second stage, before it is scaled.",
        options => options.Stage2Guidance,
        (options, value) => options with { Stage2Guidance = value },
        AdaptiveGuidanceOptions.LeastGuidance,
        AdaptiveGuidanceOptions.MostGuidance
    );

    public static readonly OptionRule<string> Stage2Schedule = OneOf(
        "stage2_schedule",
        "The levels of noise of the second stage, from 0.909375 down; those of the others are 3 and 2 steps.",
        options => options.Stage2Schedule,
        (options, value) => options with { Stage2Schedule = value },
        SecondSchedules
    );

    public static readonly OptionRule<int> Stage2MinSteps = Whole(
        "stage2_min_steps",
        "The steps of the second stage before which it never stops; at most `stage2_steps`.",
        options => options.Stage2MinSteps,
        (options, value) => options with { Stage2MinSteps = value },
        1,
        MaxSteps
    );

    public static readonly OptionRule<bool> TimestepScaling = Flag(
        "timestep_scaling",
        "Guidance is 1.3 times as strong in pure noise and 0.35 times at the end.",
        options => options.TimestepScaling,
        (options, value) => options with { TimestepScaling = value }
    );

    public static readonly OptionRule<bool> EarlyExit = Flag(
        "early_exit",
        "It stops when the clip hardly changes any more.",
        options => options.EarlyExit,
        (options, value) => options with { EarlyExit = value }
    );

    public static readonly OptionRule<double> Tolerance = new(
        "tolerance",
        "above 0, at most 1",
        "How little the clip changes, of its own length, when it hardly does; in two steps in a row."
    )
    {
        Get = options => options.Tolerance,
        Set = (options, value) => options with { Tolerance = value },
        Accepts = value => value is > 0 and <= 1,
        Reader = OptionReaders.Number,
    };

    public static readonly OptionRule<bool> DropUnconditional = Flag(
        "drop_unconditional",
        "It goes on without guidance, and with half the work, once the prompt is followed anyway.",
        options => options.DropUnconditional,
        (options, value) => options with { DropUnconditional = value }
    );

    public static readonly OptionRule<LoraList> Loras = new(
        "loras",
        "paths, or objects of `path` and `strength` from -10 to 10",
        "The LoRAs in the denoiser's weights, in their order."
    )
    {
        Get = options => options.Loras,
        Set = (options, value) => options with { Loras = value },
        Accepts = loras =>
            loras.All(lora => !string.IsNullOrEmpty(lora?.Path) && lora.Strength is >= -MaxStrength and <= MaxStrength),
        Reader = OptionReaders.Loras,
        IsOfModels = true,
    };

    public static readonly OptionRule<int> Keyframes = Whole(
        "keyframes",
        "The most pictures that a run may give.",
        options => options.Keyframes,
        (options, value) => options with { Keyframes = value },
        1,
        MaxSteps
    );

    public static readonly OptionRule<string> QuantizationMethod = OneOf(
        "quantization_method",
        "What the denoiser's weights become.",
        options => options.QuantizationMethod,
        (options, value) => options with { QuantizationMethod = value },
        QuantizationMethods,
        isOfModels: true
    );

    public static readonly OptionRule<double> QualityTargetPercent = Number(
        "quality_target_percent",
        "How good the quantised denoiser must be.",
        options => options.QualityTargetPercent,
        (options, value) => options with { QualityTargetPercent = value },
        0,
        100,
        isOfModels: true
    );

    public static readonly OptionRule<int> Frames = Whole(
        "frames",
        "The pictures of the clip: a multiple of the models' temporal factor, and one more.",
        options => options.Frames,
        (options, value) => options with { Frames = value },
        1,
        MaxSide
    );

    public static readonly OptionRule<int> Width = Whole(
        "width",
        "The pixels from left to right: a multiple of the models' spatial factor, for two stages of twice that.",
        options => options.Width,
        (options, value) => options with { Width = value },
        1,
        MaxSide
    );

    public static readonly OptionRule<int> Height = Whole(
        "height",
        "The pixels from top to bottom, by the same rule.",
        options => options.Height,
        (options, value) => options with { Height = value },
        1,
        MaxSide
    );

    public static readonly OptionRule<int> TileSize = Whole(
        "tile_size",
        "The pixels along each side of what is decoded at once: a multiple of the models' spatial factor, at least two of it.",
        options => options.TileSize,
        (options, value) => options with { TileSize = value },
        1,
        MaxSide
    );

    // After all that are in it: fields are filled in this order.
    public static readonly IReadOnlyList<OptionRule> All =
    [
        Steps,
        Guidance,
        Schedule,
        MinSteps,
        Stage2Steps,
        Stage2Guidance,
        Stage2Schedule,
        Stage2MinSteps,
        TimestepScaling,
        EarlyExit,
        Tolerance,
        DropUnconditional,
        Loras,
        Keyframes,
        QuantizationMethod,
        QualityTargetPercent,
        Frames,
        Width,
        Height,
        TileSize,
    ];

    private static OptionRule<int> Whole(
        string name,
        string about,
        Func<PresetOptions, int?> get,
        Func<PresetOptions, int, PresetOptions> set,
        int least,
        int most
    ) =>
        new(name, FormattableString.Invariant($"{least} to {most}"), about)
        {
            Get = options => get(options),
            Set = set,
            Accepts = value => value >= least && value <= most,
            Reader = OptionReaders.Whole,
        };

    private static OptionRule<double> Number(
        string name,
        string about,
        Func<PresetOptions, double?> get,
        Func<PresetOptions, double, PresetOptions> set,
        double least,
        double most,
        bool isOfModels = false
    ) =>
        new(name, FormattableString.Invariant($"{least} to {most}"), about)
        {
            Get = options => get(options),
            Set = set,
            Accepts = value => value >= least && value <= most,
            Reader = OptionReaders.Number,
            IsOfModels = isOfModels,
        };

    private static OptionRule<bool> Flag(
        string name,
        string about,
        Func<PresetOptions, bool?> get,
        Func<PresetOptions, bool, PresetOptions> set
    ) =>
        new(name, "true or false", about)
        {
            Get = options => get(options),
            Set = set,
            Accepts = _ => true,
            Reader = OptionReaders.Flag,
        };

    private static OptionRule<string> OneOf(
        string name,
        string about,
        Func<PresetOptions, string?> get,
        Func<PresetOptions, string, PresetOptions> set,
        string[] values,
        bool isOfModels = false
    ) =>
        new(name, string.Join(", ", values), about)
        {
            Get = get,
            Set = set,
            Accepts = value => values.Contains(value, StringComparer.Ordinal),
            Reader = OptionReaders.Text,
            IsOfModels = isOfModels,
        };
}
