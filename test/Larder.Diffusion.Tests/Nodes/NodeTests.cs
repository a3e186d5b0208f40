using Larder.Diffusion.Graph;
using Larder.Diffusion.Nodes;
using Larder.Diffusion.Presets;
using Larder.Diffusion.Tests.Models;
using Larder.Diffusion.Tests.Presets;
using ModelGenerator.Video;

namespace Larder.Diffusion.Tests.Nodes;

/// <summary>What nodes refuse.</summary>
public sealed class NodeTests(SampleModels models)
{
    [Fact]
    public void Contexts_WiredTheWrongWayRound_AreRefused()
    {
        var builder = new InferenceGraphBuilder("swapped");
        var encode = builder.AddNode(new TextEncodeNode("encode", models.Plain));
        var noise = builder.AddNode(new NoiseNode("noise", models.Plain.Facts.Full));
        var schedule = Larder.Diffusion.Scheduling.Schedules.Create("distilled");
        var denoise = builder.AddNode(new DenoiseNode("denoise", models.Plain, schedule, 4));
        builder
            .Connect(builder.AddInput<string>("prompt"), encode.Prompt)
            .Connect(builder.AddInput<long>("seed"), noise.Seed)
            .Connect(noise.Latents, denoise.Latents)
            .Connect("encode.unconditional", "denoise.conditional")
            .Connect("encode.conditional", "denoise.unconditional");
        builder.AddOutput("latents", denoise.Denoised);

        var failure = Assert.Throws<DiffusionException>(builder.Build);

        Assert.Contains("denoise.conditional", failure.Message, StringComparison.Ordinal);
        Assert.Contains("denoise.unconditional", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keyframes_ThatCannotBe_AreToldTogether()
    {
        var good = PresetRun.KeyframeOf(Clip.All[0], 0);
        var failure = await Fails(
            good with
            {
                Frame = 17,
            },
            good with
            {
                Strength = 1.1,
                Pixels = new float[5],
            },
            good with
            {
                Pixels = Enumerable.Repeat(float.NaN, 3 * 64 * 64).ToArray(),
            }
        );

        Assert.Equal(
            ["keyframes[0].frame", "keyframes[1].strength", "keyframes[1].pixels", "keyframes[2].pixels"],
            failure.Faults.Select(fault => fault.Subject)
        );
    }

    [Fact]
    public async Task Keyframes_NoneOrTooMany_AreRefused()
    {
        var good = PresetRun.KeyframeOf(Clip.All[0], 0);

        Assert.Contains("There are 0: give 1 to 4.", (await Fails()).Message, StringComparison.Ordinal);
        Assert.Contains(
            "There are 5: give 1 to 4.",
            (await Fails(good, good, good, good, good)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Keyframes_InOneToken_AreRefused()
    {
        var first = PresetRun.KeyframeOf(Clip.All[0], 5);

        var failure = await Fails(first, first with { Frame = 8 });

        Assert.Contains("The pictures 5, 8 are of one token in time", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 8, 2, new[] { 0 })]
    [InlineData(8, 4, 1, new[] { 0, 3, 4 })]
    [InlineData(8, 2, 1, new[] { 0, 1, 2, 3, 4, 5, 6 })]
    [InlineData(9, 4, 1, new[] { 0, 3, 5 })]
    public void Starts_CoverTheSide(int length, int tile, int overlap, int[] expected) =>
        Assert.Equal(expected, TileAxis.Starts(length, tile, overlap));

    [Theory]
    [InlineData(1, 1.3)]
    [InlineData(0.5, 0.825)]
    [InlineData(0, 0.35)]
    public void Scale_GoesFromStrongToWeak(double sigma, double expected) =>
        Assert.Equal(expected, AdaptiveGuidance.Scale(sigma), tolerance: 0.003);

    private async Task<DiffusionException> Fails(params IReadOnlyList<Keyframe> keyframes)
    {
        var graph = VideoPresets.Get("keyframe_interpolation").Build(models.Plain);
        var failure = await Assert.ThrowsAsync<GraphRunException>(() =>
            graph.VideoAsync("", 1, inputs => inputs.Set(PresetPorts.Keyframes, keyframes))
        );
        Assert.Equal("condition", failure.Node);
        return Assert.IsType<DiffusionException>(failure.InnerException);
    }
}
