namespace Larder.Diffusion.Presets;

/// <summary>What a preset's graph is to do, for given models and options.</summary>
internal sealed record PresetPlan
{
    public required StagePlan First { get; init; }

    /// <summary>Null where there is one stage.</summary>
    public StagePlan? Second { get; init; }

    public required int TileSize { get; init; }

    /// <summary>The most pictures that a run may give; null where it takes none.</summary>
    public int? Keyframes { get; init; }
}
