using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;
using Larder.Onnx;

namespace Larder.Diffusion.Nodes;

/// <summary>Makes of pictures what the denoiser is held to.</summary>
public sealed class ImageConditionNode : GraphNode
{
    private readonly VideoModels _models;
    private readonly LatentShape _shape;
    private readonly int _most;

    /// <summary>Creates the node.</summary>
    /// <param name="name">Its name in the graph.</param>
    /// <param name="models">The models.</param>
    /// <param name="shape">The sizes of the latents.</param>
    /// <param name="most">The most pictures that a run may give.</param>
    public ImageConditionNode(string name, VideoModels models, LatentShape shape, int most)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        _models = models;
        _shape = shape;
        _most = most;
        Keyframes = AddInput<IReadOnlyList<Keyframe>>("keyframes");
        Guide = AddOutput<LatentGuide>("guide");
    }

    /// <summary>The pictures; at least one.</summary>
    public Input<IReadOnlyList<Keyframe>> Keyframes { get; }

    /// <summary>What the denoiser is held to.</summary>
    public Output<LatentGuide> Guide { get; }

    /// <inheritdoc/>
    protected override ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var keyframes = context.Get(Keyframes);
        Check(keyframes);
        var clean = new float[_shape.Length];
        var mask = new float[_shape.Tokens];
        mask.AsSpan().Fill(1);
        for (var place = 0; place < keyframes.Count; place++)
        {
            Add(keyframes[place], clean, mask, cancellationToken);
            context.Step(place + 1, keyframes.Count);
        }
        context.Set(Guide, new LatentGuide(_shape, clean, mask));
        return ValueTask.CompletedTask;
    }

    private void Add(Keyframe keyframe, float[] clean, float[] mask, CancellationToken cancellationToken)
    {
        var facts = _models.Facts;
        var latents = _models.EncodePictures(
            new Tensor<float>(keyframe.Pixels, 1, Video.Planes, 1, facts.HeightOf(_shape), facts.WidthOf(_shape)),
            cancellationToken
        );
        var tokens = _shape.Height * _shape.Width;
        var frame = facts.LatentFrameOf(keyframe.Frame);
        for (var channel = 0; channel < _shape.Channels; channel++)
            latents
                .Span.Slice(channel * tokens, tokens)
                .CopyTo(clean.AsSpan((channel * _shape.Frames + frame) * tokens));
        mask.AsSpan(frame * tokens, tokens).Fill((float)(1 - keyframe.Strength));
    }

    private void Check(IReadOnlyList<Keyframe>? keyframes)
    {
        if (keyframes is null || keyframes.Count == 0 || keyframes.Count > _most)
            throw NodeFaults.Of(Name, Keyframes.Name, $"There are {keyframes?.Count ?? 0}: give 1 to {_most}.");
        var faults = new List<DiffusionFault>();
        for (var place = 0; place < keyframes.Count; place++)
            Check(place, keyframes[place], faults);
        if (faults.Count == 0)
            CheckApart(keyframes, faults);
        if (faults.Count > 0)
            throw NodeFaults.Of(Name, faults);
    }

    private void Check(int place, Keyframe? keyframe, List<DiffusionFault> faults)
    {
        var facts = _models.Facts;
        var (height, width) = (facts.HeightOf(_shape), facts.WidthOf(_shape));
        if (keyframe is null)
        {
            Fault("", $"It is null.");
            return;
        }
        if (keyframe.Frame < 0 || keyframe.Frame >= facts.PicturesOf(_shape))
            Fault(".frame", $"It is {keyframe.Frame}: a clip has the pictures 0 to {facts.PicturesOf(_shape) - 1}.");
        if (!(keyframe.Strength is >= 0 and <= 1))
            Fault(".strength", $"It is {keyframe.Strength}: give 0 to 1.");
        if (keyframe.Pixels.Length != Video.Planes * height * width)
            Fault(
                ".pixels",
                $"There are {keyframe.Pixels.Length}: {Video.Planes} planes of {height} by {width} pixels are {Video.Planes * height * width}."
            );
        foreach (var pixel in keyframe.Pixels.Span)
        {
            if (pixel >= facts.Lowest && pixel <= facts.Highest)
                continue;
            Fault(".pixels", $"One is {pixel}: they go from {facts.Lowest} to {facts.Highest}.");
            break;
        }

        void Fault(string part, FormattableString message) =>
            faults.Add(
                new DiffusionFault(
                    FormattableString.Invariant($"{Keyframes.Name}[{place}]{part}"),
                    FormattableString.Invariant(message)
                )
            );
    }

    // Two pictures in one token would be one picture, and nobody would know which.
    private void CheckApart(IReadOnlyList<Keyframe> keyframes, List<DiffusionFault> faults)
    {
        var facts = _models.Facts;
        foreach (var group in keyframes.GroupBy(keyframe => facts.LatentFrameOf(keyframe.Frame)))
        {
            int[] frames = [.. group.Select(keyframe => keyframe.Frame)];
            if (frames.Length > 1)
                faults.Add(
                    new DiffusionFault(
                        Keyframes.Name,
                        FormattableString.Invariant(
                            $"The pictures {string.Join(", ", frames)} are of one token in time, which has {facts.TemporalFactor} of them: give one of these."
                        )
                    )
                );
        }
    }
}
