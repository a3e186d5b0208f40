namespace Larder.Diffusion.Models;

/// <summary>What a directory's <c>model.json</c> says of its models.</summary>
public sealed record VideoModelFacts
{
    /// <summary>The name of the models.</summary>
    public required string Name { get; init; }

    /// <summary>The pictures of a clip: a multiple of <see cref="TemporalFactor"/>, and one more.</summary>
    public required int Frames { get; init; }

    /// <summary>How many pictures are shown in a second.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>The value of no light.</summary>
    public required double Lowest { get; init; }

    /// <summary>The value of full light.</summary>
    public required double Highest { get; init; }

    /// <summary>The pixels along each side of a token.</summary>
    public required int SpatialFactor { get; init; }

    /// <summary>The pictures of a token; the first picture of a clip has one of its own.</summary>
    public required int TemporalFactor { get; init; }

    /// <summary>The latents of a clip at full size.</summary>
    public required LatentShape Full { get; init; }

    /// <summary>The latents of a clip whose sides are half as long; null where the models know none.</summary>
    public required LatentShape? Half { get; init; }

    /// <summary>The id that fills short prompts up.</summary>
    public required int Padding { get; init; }

    /// <summary>The numbers that the text encoder gives for each word.</summary>
    public required int ContextSize { get; init; }

    /// <summary>The ids that a prompt is filled up to; null where any number will do.</summary>
    public required int? TextLength { get; init; }

    /// <summary>The tokens that the schedule is shifted by, whatever the size of a clip; null for those of the clip.</summary>
    public required int? ScheduleTokens { get; init; }

    /// <summary>The last level of noise before none; null for the schedule's own.</summary>
    public required double? ScheduleTerminal { get; init; }

    /// <summary>The pixels from left to right at full size.</summary>
    public int Width => WidthOf(Full);

    /// <summary>The pixels from top to bottom at full size.</summary>
    public int Height => HeightOf(Full);

    /// <summary>The sizes of latents that the denoiser knows, the largest first.</summary>
    internal IReadOnlyList<LatentShape> Grids => Half is { } half ? [Full, half] : [Full];

    internal int WidthOf(LatentShape shape) => shape.Width * SpatialFactor;

    internal int HeightOf(LatentShape shape) => shape.Height * SpatialFactor;

    /// <summary>The pictures that so many tokens in time stand for.</summary>
    internal int PicturesOf(LatentShape shape) => (shape.Frames - 1) * TemporalFactor + 1;

    /// <summary>The token in time that a picture belongs to.</summary>
    internal int LatentFrameOf(int picture) => (picture + TemporalFactor - 1) / TemporalFactor;
}
