using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;

namespace Larder.Diffusion.Presets;

/// <summary>A way to make a clip of a prompt, by name, with options that have defaults.</summary>
public sealed class Preset
{
    // As large as all defaults want; what a graph consists of does not depend on sizes.
    private static readonly VideoModels OutlineModels = VideoModels.Outline(
        new VideoModelFacts
        {
            Name = "outline",
            Frames = 121,
            FramesPerSecond = 24,
            Lowest = -1,
            Highest = 1,
            SpatialFactor = 32,
            TemporalFactor = 8,
            Full = new LatentShape(Channels: 128, Frames: 16, Height: 16, Width: 24),
            Half = new LatentShape(Channels: 128, Frames: 16, Height: 8, Width: 12),
            Padding = 0,
            ContextSize = 1,
            TextLength = null,
            ScheduleTokens = null,
            ScheduleTerminal = null,
        }
    );

    private readonly PresetDefaults _defaults;
    private readonly double _secondShare;

    internal Preset(string name, string about, PresetDefaults defaults, bool hasCleanup, double secondShare)
    {
        Name = name;
        About = about;
        HasCleanup = hasCleanup;
        _defaults = defaults;
        _secondShare = secondShare;
        Options = [.. defaults.Described];
        IsTwoStage = defaults.TryGet(OptionRules.Stage2Steps, out _);
        IsAdaptive = defaults.TryGet(OptionRules.MinSteps, out _);
        IsQuantized = defaults.TryGet(OptionRules.QuantizationMethod, out _);
        TakesKeyframes = defaults.TryGet(OptionRules.Keyframes, out _);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>What it does, in a sentence.</summary>
    public string About { get; }

    /// <summary>The options, with their defaults.</summary>
    public IReadOnlyList<PresetOption> Options { get; }

    /// <summary>Whether it makes the clip at half size first and refines it at full size, which needs an upsampler.</summary>
    public bool IsTwoStage { get; }

    /// <summary>Whether guidance follows what a run does.</summary>
    public bool IsAdaptive { get; }

    /// <summary>Whether the denoiser's weights are to be quantised.</summary>
    public bool IsQuantized { get; }

    /// <summary>Whether a run is given pictures that the clip is held to.</summary>
    public bool TakesKeyframes { get; }

    internal bool HasCleanup { get; }

    /// <summary>Tells what must be made of the models before the graph can be built on them.</summary>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="DiffusionException">The options make no sense: all that is wrong with them.</exception>
    public PresetNeeds Needs(PresetOptions? options = null)
    {
        var faults = new List<DiffusionFault>();
        var settings = new PresetSettings(_defaults, options ?? PresetOptions.None, faults);
        return faults.Count > 0
            ? throw new DiffusionException($"The preset '{Name}' cannot have these options", faults)
            : NeedsOf(settings);
    }

    /// <summary>Builds the graph. It is cheap: the models are loaded.</summary>
    /// <param name="models">The models, with what <see cref="Needs"/> tells. They must outlive the graph.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <returns>A graph with the inputs and outputs of <see cref="PresetPorts"/>.</returns>
    /// <exception cref="DiffusionException">The options make no sense, or do not fit the models: all that is wrong.</exception>
    public InferenceGraph Build(VideoModels models, PresetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        var faults = new List<DiffusionFault>();
        var settings = new PresetSettings(_defaults, options ?? PresetOptions.None, faults);
        var plan = new PresetPlanner(this, settings, PlannedModels.Of(models), faults).Plan();
        return plan is null ? throw CannotBeBuilt(faults) : PresetGraph.Build(this, plan, models);
    }

    /// <summary>The graph with the defaults, for showing: it has no models, so it cannot be run.</summary>
    public InferenceGraph Outline() => Build(OutlineModels);

    /// <summary>Reads options by their names, as a configuration has them.</summary>
    /// <param name="json">An object of options and their values.</param>
    /// <exception cref="DiffusionException">There are unknown names, or values of other types: all that is wrong.</exception>
    /// <remarks>Whether the values can be is told by <see cref="Needs"/> and <see cref="Build"/>.</remarks>
    public PresetOptions ReadOptions(JsonElement json)
    {
        var options = PresetOptions.None;
        var faults = new List<DiffusionFault>();
        if (json.ValueKind != JsonValueKind.Object)
            faults.Add(new DiffusionFault("options", "They are no object: give names and values."));
        else
            foreach (var member in json.EnumerateObject())
                options = Read(options, member, faults);
        return faults.Count > 0
            ? throw new DiffusionException($"The preset '{Name}' cannot have these options", faults)
            : options;
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal PresetNeeds NeedsOf(PresetSettings settings) =>
        new()
        {
            Upsampler = IsTwoStage,
            Loras = settings.Has(OptionRules.Loras)
                ? [.. settings.Get(OptionRules.Loras).Where(lora => lora.Strength != 0)]
                : LoraList.Empty,
            Quantization = IsQuantized
                ? new QuantizationNeed(
                    settings.Get(OptionRules.QuantizationMethod),
                    settings.Get(OptionRules.QualityTargetPercent)
                )
                : null,
        };

    /// <summary>The options that a graph of these models and options is built with, defaults filled in and what they come to.</summary>
    /// <remarks>
    /// A default and the same value given are one, and so is what comes of other options or of the models. What says how the models
    /// are made is left out: it names other models, and not another graph of them.
    /// </remarks>
    /// <exception cref="DiffusionException">The options make no sense, or do not fit the models: all that is wrong.</exception>
    internal JsonObject Fill(PlannedModels models, PresetOptions options)
    {
        var faults = new List<DiffusionFault>();
        var settings = new PresetSettings(_defaults, options, faults);
        var plan = new PresetPlanner(this, settings, models, faults).Plan() ?? throw CannotBeBuilt(faults);
        var derived = new Dictionary<OptionRule, JsonNode>
        {
            // A schedule of fixed steps has its own, whatever the default.
            [OptionRules.Steps] = plan.First.Schedule.Steps,
            [OptionRules.Frames] = models.Facts.Frames,
            [OptionRules.Width] = models.Facts.WidthOf((plan.Second ?? plan.First).Shape),
            [OptionRules.Height] = models.Facts.HeightOf((plan.Second ?? plan.First).Shape),
        };
        if (plan.Second is { } second)
        {
            derived.Add(OptionRules.Stage2Steps, second.Schedule.Steps);
            derived.Add(IsAdaptive ? OptionRules.AdaptiveStage2Guidance : OptionRules.Stage2Guidance, second.Guidance);
        }
        var filled = new JsonObject();
        foreach (var rule in _defaults.Rules.Where(rule => !rule.IsOfModels))
            filled.Add(rule.Name, derived.GetValueOrDefault(rule) ?? settings.ToJson(rule));
        return filled;
    }

    internal double GuidanceOf(PresetSettings settings) =>
        settings.Get(IsAdaptive ? OptionRules.AdaptiveGuidance : OptionRules.Guidance);

    internal double SecondGuidanceOf(PresetSettings settings)
    {
        var (rule, least) = IsAdaptive
            ? (OptionRules.AdaptiveStage2Guidance, Nodes.AdaptiveGuidanceOptions.LeastGuidance)
            : (OptionRules.Stage2Guidance, OptionRules.LeastGuidance);
        return settings.Get(rule, Math.Max(least, _secondShare * GuidanceOf(settings)));
    }

    private DiffusionException CannotBeBuilt(List<DiffusionFault> faults) =>
        new($"The preset '{Name}' cannot be built", faults);

    private PresetOptions Read(PresetOptions options, JsonProperty member, List<DiffusionFault> faults)
    {
        var rule = _defaults.Rules.FirstOrDefault(rule => rule.Name == member.Name);
        if (rule is null)
        {
            faults.Add(OptionFaults.Unknown(member.Name, [.. _defaults.Rules.Select(known => known.Name)]));
            return options;
        }
        if (rule.Read(options, member.Value) is { } read)
            return read;
        faults.Add(new DiffusionFault(rule.Name, $"It is {JsonText.Show(member.Value)}; it can be {rule.Range}."));
        return options;
    }
}
