using Larder.Diffusion.Caching;
using Larder.Diffusion.Graph;
using Larder.Diffusion.Loras;
using Larder.Diffusion.Models;
using Larder.Diffusion.Presets;
using Larder.Graphs;
using Larder.Origins;

namespace Larder.Cli.Tests.Page;

/// <summary>The snippets of <c>docs/presets.md</c>.</summary>
internal static class PresetsPage
{
    public static async Task<int> RunAsync()
    {
        using var models = VideoModels.Load("samples/models/video");
        var graph = VideoPresets.Get("t2v_two_stages").Build(models, new PresetOptions { Guidance = 4 });
        using var result = await graph.RunAsync(
            new GraphInputs().Set("prompt", "a red square moving right").Set("seed", 7L)
        );
        var video = (Video)result["video"]!;
        return video.Frames;
    }

    public static async Task RentAsync(ModelCache files, GraphCache graphs)
    {
        var presets = new PresetGraphs(files, graphs, new DenoiserVariants(files)); // A ModelCache and a GraphCache.
        await using var lease = await presets.RentAsync(
            VideoPresets.Get("ic_lora"),
            new VideoModelRequest(ModelReference.Parse("hf://org/models")),
            new PresetOptions { Loras = [new LoraChoice("style.safetensors", 0.8)] }
        );
        using var result = await lease.Graph.RunAsync(new GraphInputs().Set("prompt", "a red square moving right"));
    }
}
