using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;
using Larder.Diffusion.Presets;

namespace PackagePages;

/// <summary>The page of the package <c>Larder.Diffusion</c>.</summary>
internal static class DiffusionPage
{
    public static async Task RunAsync(string[] args)
    {
        // What a preset consists of can be seen without models.
        var preset = VideoPresets.Get("t2v_two_stages");
        Console.WriteLine(preset.Outline());

        if (args.Length > 0)
        {
            using var models = VideoModels.Load(args[0]);
            var graph = preset.Build(models, new PresetOptions { Guidance = 4 });
            using var result = await graph.RunAsync(
                new GraphInputs().Set("prompt", "a red square moving right").Set("seed", 7L)
            );
            Console.WriteLine($"{((Video)result["video"]!).Frames} pictures");
        }
    }
}
