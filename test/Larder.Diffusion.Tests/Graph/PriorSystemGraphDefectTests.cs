using Larder.Diffusion.Graph;

namespace Larder.Diffusion.Tests.Graph;

/// <summary>What the prior system's graphs did wrong without anybody noticing, as things that cannot be built here.</summary>
public sealed class PriorSystemGraphDefectTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void TwoStages_WhoseUpsampledLatentsNobodyReads_AreRefused()
    {
        // Both denoisers read the noise, and so did the upsampler: the second stage refined nothing.
        var builder = TwoStages();
        builder
            .Connect("latents", "denoise_stage1.from")
            .Connect("latents", "upsample.from")
            .Connect("latents", "denoise_stage2.from")
            .Connect("denoise_stage2.to", "video");

        var failure = Assert.Throws<DiffusionException>(builder.Build);

        Assert.Equal(["denoise_stage1.to", "upsample.to"], failure.Faults.Select(fault => fault.Subject));
    }

    [Fact]
    public async Task TwoStages_WiredAsTheyAreMeant_RefineWhatWasUpsampled()
    {
        var builder = TwoStages();
        builder
            .Connect("latents", "denoise_stage1.from")
            .Connect("denoise_stage1.to", "upsample.from")
            .Connect("upsample.to", "denoise_stage2.from")
            .Connect("denoise_stage2.to", "video");

        using var result = await builder
            .Build()
            .RunAsync(new GraphInputs().Set("latents", "noise"), cancellationToken: Token);

        Assert.Equal("denoise_stage2(upsample(denoise_stage1(noise)))", result["video"]);
    }

    [Fact]
    public void Decode_WhoseFramesNobodyReads_IsRefused()
    {
        // The first stage was decoded before it was upsampled, for nobody.
        var builder = TwoStages();
        builder.AddNode(new MapNode<string, string>("decode_stage1", value => value));
        builder
            .Connect("latents", "denoise_stage1.from")
            .Connect("denoise_stage1.to", "decode_stage1.from")
            .Connect("denoise_stage1.to", "upsample.from")
            .Connect("upsample.to", "denoise_stage2.from")
            .Connect("denoise_stage2.to", "video");

        var failure = Assert.Throws<DiffusionException>(builder.Build);

        Assert.Equal(["decode_stage1.to"], failure.Faults.Select(fault => fault.Subject));
    }

    [Fact]
    public void Quantise_WhoseModelsNobodyGivesAndNobodyReads_IsRefused()
    {
        var builder = TwoStages();
        builder.AddNode(new MapNode<string, string>("quantise", value => value));
        builder
            .Connect("latents", "denoise_stage1.from")
            .Connect("denoise_stage1.to", "upsample.from")
            .Connect("upsample.to", "denoise_stage2.from")
            .Connect("denoise_stage2.to", "video");

        var failure = Assert.Throws<DiffusionException>(builder.Build);

        Assert.Equal(["quantise.from", "quantise.to"], failure.Faults.Select(fault => fault.Subject));
    }

    [Fact]
    public async Task NodesWithPortsOfOneName_DoNotOverwriteEachOther()
    {
        // There, all outputs lay in one table by name, and the later node of a name won.
        var builder = TwoStages();
        builder.AddOutput<string>("draft");
        builder
            .Connect("latents", "denoise_stage1.from")
            .Connect("denoise_stage1.to", "draft")
            .Connect("denoise_stage1.to", "upsample.from")
            .Connect("upsample.to", "denoise_stage2.from")
            .Connect("denoise_stage2.to", "video");

        using var result = await builder
            .Build()
            .RunAsync(new GraphInputs().Set("latents", "noise"), cancellationToken: Token);

        Assert.Equal("denoise_stage1(noise)", result["draft"]);
    }

    private static InferenceGraphBuilder TwoStages()
    {
        var builder = new InferenceGraphBuilder("t2v_two_stages");
        builder.AddInput<string>("latents");
        foreach (var name in new[] { "denoise_stage1", "upsample", "denoise_stage2" })
            builder.AddNode(new MapNode<string, string>(name, value => $"{name}({value})"));
        builder.AddOutput<string>("video");
        return builder;
    }
}
