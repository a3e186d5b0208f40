using Larder.Diffusion.Models;
using Larder.Diffusion.Nodes;
using Larder.Diffusion.Scheduling;

namespace Larder.Diffusion.Presets;

/// <summary>Brings a preset, its options and models together, and notes all that does not fit.</summary>
internal sealed class PresetPlanner(
    Preset preset,
    PresetSettings settings,
    PlannedModels models,
    List<DiffusionFault> faults
)
{
    // The level at which the second stage begins whatever its schedule, as published: 9 % of the first one's clip are left.
    private static readonly double SecondStageNoise = Schedules.Create(Schedules.DistilledStage2).Sigmas[0];

    private VideoModelFacts Facts => models.Facts;

    /// <summary>Plans what the graph is to do.</summary>
    /// <returns>Null if something does not fit.</returns>
    public PresetPlan? Plan()
    {
        CheckModels();
        CheckFrames();
        var shape = ShapeOfClip();
        var tile = settings.Get(OptionRules.TileSize);
        if (tile < 2 * Facts.SpatialFactor || tile % Facts.SpatialFactor != 0)
            Fault(
                OptionRules.TileSize,
                $"It is {tile}: it is a multiple of {Facts.SpatialFactor} pixels, and at least {2 * Facts.SpatialFactor}."
            );
        if (preset.TakesKeyframes && settings.Get(OptionRules.Keyframes) is var most && most > Facts.Full.Frames)
            Fault(
                OptionRules.Keyframes,
                $"It is {most}: the models have {Facts.Full.Frames} tokens in time, one for each."
            );
        var first = First(preset.IsTwoStage ? Facts.Half ?? shape : shape);
        var second = preset.IsTwoStage ? Second(shape) : null;
        return faults.Count > 0
            ? null
            : new PresetPlan
            {
                First = first!,
                Second = second,
                TileSize = tile,
                Keyframes = preset.TakesKeyframes ? settings.Get(OptionRules.Keyframes) : null,
            };
    }

    private void CheckModels()
    {
        if (preset.IsTwoStage && !models.HasUpsampler)
            faults.Add(
                new DiffusionFault(
                    "models",
                    "They have no upsampler, which two stages need: name a latent_upsampler in their model.json, or take a preset of one stage."
                )
            );
        var needs = preset.NeedsOf(settings);
        if (needs.IsDenoiserChanged && !models.IsDenoiserReplaced)
            faults.Add(
                new DiffusionFault(
                    "models",
                    $"Their denoiser is the directory's own, and this needs one {Describe(needs)}: make it, and load the models with it as their denoiser."
                )
            );
    }

    private static string Describe(PresetNeeds needs) =>
        string.Join(
            " and ",
            new[]
            {
                needs.Loras.Count > 0 ? $"with LoRAs in its weights ({needs.Loras})" : null,
                needs.Quantization is { } quantization ? $"of weights of {quantization.Method}" : null,
            }.OfType<string>()
        );

    private void CheckFrames()
    {
        var frames = settings.Get(OptionRules.Frames, Facts.Frames);
        var factor = Facts.TemporalFactor;
        if ((frames - 1) % factor != 0)
        {
            var below = (frames - 1) / factor * factor + 1;
            Fault(
                OptionRules.Frames,
                $"It is {frames}: a clip has a multiple of {factor} pictures and one more, such as {below} or {below + factor}."
            );
        }
        else if (frames != Facts.Frames)
        {
            Fault(
                OptionRules.Frames,
                $"It is {frames}: the denoiser makes clips of {Facts.Frames} pictures and no others."
            );
        }
    }

    private LatentShape ShapeOfClip()
    {
        var factor = Facts.SpatialFactor * (preset.IsTwoStage ? 2 : 1);
        var width = Side(OptionRules.Width, Facts.Width);
        var height = Side(OptionRules.Height, Facts.Height);
        if (width is null || height is null)
            return Facts.Full;
        IReadOnlyList<LatentShape> known = preset.IsTwoStage ? [Facts.Full] : Facts.Grids;
        foreach (var shape in known)
        {
            if (Facts.WidthOf(shape) == width && Facts.HeightOf(shape) == height)
                return shape;
        }
        var sizes = known.Select(shape =>
            FormattableString.Invariant($"{Facts.WidthOf(shape)} by {Facts.HeightOf(shape)}")
        );
        Fault(
            OptionRules.Width,
            $"With a height of {height} it is {width}: the models make pictures of {string.Join(" or ", sizes)} pixels here."
        );
        return Facts.Full;

        int? Side(OptionRule<int> rule, int own)
        {
            var side = settings.Get(rule, own);
            if (side % factor == 0)
                return side;
            Fault(
                rule,
                $"It is {side}: {(preset.IsTwoStage ? "for two stages " : "")}it is a multiple of {factor} pixels, such as {Math.Max(1, side / factor) * factor} or {(side / factor + 1) * factor}."
            );
            return null;
        }
    }

    private StagePlan? First(LatentShape shape)
    {
        var schedule = Levels(OptionRules.Schedule, OptionRules.Steps, shape);
        return Stage(schedule, shape, OptionRules.Steps, OptionRules.MinSteps, preset.GuidanceOf(settings));
    }

    private StagePlan? Second(LatentShape shape)
    {
        var schedule = Levels(OptionRules.Stage2Schedule, OptionRules.Stage2Steps, shape);
        if (schedule?.Name == Schedules.Ltx)
            schedule = Scaled(schedule);
        return Stage(
            schedule,
            shape,
            OptionRules.Stage2Steps,
            OptionRules.Stage2MinSteps,
            preset.SecondGuidanceOf(settings)
        );
    }

    private StagePlan? Stage(
        SigmaSchedule? schedule,
        LatentShape shape,
        OptionRule<int> steps,
        OptionRule<int> minSteps,
        double guidance
    )
    {
        if (schedule is null)
            return null;
        if (!preset.IsAdaptive)
            return new StagePlan(shape, schedule, guidance, Adaptive: null);
        var least = settings.Get(minSteps);
        if (schedule.Steps >= least)
            return new StagePlan(
                shape,
                schedule,
                guidance,
                new AdaptiveGuidanceOptions
                {
                    Guidance = guidance,
                    MinSteps = least,
                    TimestepScaling = settings.Get(OptionRules.TimestepScaling),
                    EarlyExit = settings.Get(OptionRules.EarlyExit),
                    Tolerance = settings.Get(OptionRules.Tolerance),
                    DropUnconditional = settings.Get(OptionRules.DropUnconditional),
                }
            );
        Fault(
            steps,
            $"There are {schedule.Steps}, and {minSteps.Name} is {least}: give at least as many, or lower {minSteps.Name}."
        );
        return null;
    }

    private SigmaSchedule? Levels(OptionRule<string> name, OptionRule<int> steps, LatentShape shape)
    {
        var schedule = settings.Get(name);
        var isAnyNumber = schedule == Schedules.Ltx;
        try
        {
            return Schedules.Create(
                schedule,
                new ScheduleOptions
                {
                    // A schedule of fixed steps has its own where nobody asks for others.
                    Steps = isAnyNumber || settings.IsGiven(steps) ? settings.Get(steps) : null,
                    Tokens = isAnyNumber ? Facts.ScheduleTokens ?? shape.Tokens : null,
                    Terminal = isAnyNumber ? Facts.ScheduleTerminal : null,
                }
            );
        }
        catch (DiffusionException failure)
        {
            faults.AddRange(
                failure.Faults.Select(fault =>
                    fault.Subject == OptionRules.Steps.Name ? fault with { Subject = steps.Name } : fault
                )
            );
            return null;
        }
    }

    private static SigmaSchedule Scaled(SigmaSchedule schedule)
    {
        var sigmas = schedule.Sigmas.ToArray();
        for (var place = 0; place < sigmas.Length; place++)
            sigmas[place] *= SecondStageNoise;
        return new SigmaSchedule($"{schedule.Name}_stage2", sigmas);
    }

    private void Fault(OptionRule rule, FormattableString message) =>
        faults.Add(new DiffusionFault(rule.Name, FormattableString.Invariant(message)));
}
