using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;
using Larder.Diffusion.Nodes;
using Larder.Diffusion.Presets;
using ModelGenerator.Video;

namespace Larder.Diffusion.Tests.Presets;

/// <summary>Runs presets and says what came of it.</summary>
internal static class PresetRun
{
    public static async Task<Video> VideoAsync(
        this InferenceGraph graph,
        string prompt,
        long seed,
        Action<GraphInputs>? more = null
    )
    {
        using var result = await graph.ResultAsync(prompt, seed, more);
        return (Video)result[PresetPorts.Video]!;
    }

    public static Task<GraphResult> ResultAsync(
        this InferenceGraph graph,
        string prompt,
        long seed,
        Action<GraphInputs>? more = null
    )
    {
        var inputs = new GraphInputs().Set(PresetPorts.Prompt, prompt).Set(PresetPorts.Seed, seed);
        more?.Invoke(inputs);
        return graph.RunAsync(inputs, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>A picture of a clip as it truly is.</summary>
    public static Keyframe KeyframeOf(Clip clip, int frame, double strength = 1, int size = Clip.FullSize)
    {
        var video = ClipRenderer.Render(clip, size);
        var pixels = size * size;
        var picture = new float[3 * pixels];
        for (var plane = 0; plane < 3; plane++)
            video.AsSpan((plane * Clip.Frames + frame) * pixels, pixels).CopyTo(picture.AsSpan(plane * pixels));
        return new Keyframe(frame, picture, strength);
    }

    public static double Psnr(this Video video, Clip clip) =>
        ClipComparison.Psnr(video.Values.Span, ClipRenderer.Render(clip, video.Width));

    public static Clip? Seen(this Video video) => ClipReading.Of(video.Values.Span, video.Width)?.Clip;
}
