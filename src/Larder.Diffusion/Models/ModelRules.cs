using Larder.Onnx;

namespace Larder.Diffusion.Models;

/// <summary>What the models of a directory must take and give, by what its <c>model.json</c> says.</summary>
internal sealed class ModelRules
{
    public const string Ids = "ids";
    public const string Context = "context";
    public const string Latents = "latents";
    public const string Timestep = "timestep";
    public const string Velocity = "velocity";
    public const string Video = "video";
    public const string Upsampled = "upsampled";

    private static readonly int[] Any = [];
    private static readonly int[] One = [1];

    // Alone, or with and without the prompt at once.
    private static readonly int[] OneOrTwo = [1, 2];

    public ModelRules(VideoModelFacts facts)
    {
        int[] channels = [facts.Full.Channels];
        int[] frames = [facts.Full.Frames];
        int[] heights = [.. facts.Grids.Select(grid => grid.Height)];
        int[] widths = [.. facts.Grids.Select(grid => grid.Width)];
        var length = facts.TextLength is { } fixedLength ? [fixedLength] : Any;
        int[] context = [facts.ContextSize];
        int[] planes = [Models.Video.Planes];

        TextEncoder = new ModelRule(
            [new PortRule(Ids, TensorElementType.Int64, One, length)],
            new PortRule(Context, TensorElementType.Float32, One, length, context)
        );
        Denoiser = new ModelRule(
            [
                new PortRule(Latents, TensorElementType.Float32, OneOrTwo, channels, frames, heights, widths),
                new PortRule(
                    Timestep,
                    TensorElementType.Float32,
                    OneOrTwo,
                    One,
                    [1, .. frames],
                    [1, .. heights],
                    [1, .. widths]
                ),
                new PortRule(Context, TensorElementType.Float32, OneOrTwo, length, context),
            ],
            new PortRule(Velocity, TensorElementType.Float32, OneOrTwo, channels, frames, heights, widths)
        );
        VaeEncoder = new ModelRule(
            [
                new PortRule(
                    Video,
                    TensorElementType.Float32,
                    One,
                    planes,
                    One,
                    [.. facts.Grids.Select(facts.HeightOf)],
                    [.. facts.Grids.Select(facts.WidthOf)]
                ),
            ],
            new PortRule(Latents, TensorElementType.Float32, One, channels, One, heights, widths)
        );
        // Tiles are of any size.
        VaeDecoder = new ModelRule(
            [new PortRule(Latents, TensorElementType.Float32, One, channels, frames, Any, Any)],
            new PortRule(Video, TensorElementType.Float32, One, planes, [facts.Frames], Any, Any)
        );
        LatentUpsampler = facts.Half is { } half
            ? new ModelRule(
                [new PortRule(Latents, TensorElementType.Float32, One, channels, frames, [half.Height], [half.Width])],
                new PortRule(
                    Upsampled,
                    TensorElementType.Float32,
                    One,
                    channels,
                    frames,
                    [facts.Full.Height],
                    [facts.Full.Width]
                )
            )
            : null;
    }

    public ModelRule TextEncoder { get; }

    public ModelRule Denoiser { get; }

    public ModelRule VaeEncoder { get; }

    public ModelRule VaeDecoder { get; }

    public ModelRule? LatentUpsampler { get; }
}
