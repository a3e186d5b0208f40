namespace ModelGenerator.Video;

/// <summary>The latents of the 48 clips, as the sample's own encoder gives them.</summary>
internal sealed class KnownLatents
{
    private readonly float[][] _latents;

    internal KnownLatents(VideoPipeline pipeline, int size) =>
        _latents = [.. Clip.All.Select(clip => pipeline.EncodeVideo(TrueClips.Of(clip, size), size))];

    internal float[] Of(Clip clip) => _latents[clip.Index];

    /// <summary>The clip whose latents are the nearest.</summary>
    internal Clip Nearest(float[] latents) =>
        Clip.All.MinBy(clip => ClipComparison.SquaredDistance(latents, _latents[clip.Index]))!;
}
