using Larder;
using Larder.Diffusion.Caching;
using Larder.Diffusion.Graph;
using Larder.Diffusion.Loras;
using Larder.Diffusion.Models;
using Larder.Diffusion.Presets;
using Larder.Graphs;
using Larder.Origins;

// dotnet run --project samples/presets [DIRECTORY OF VIDEO MODELS], from the top of the repository.
var models = Path.GetFullPath(args.FirstOrDefault() ?? "samples/models/video");
var request = new VideoModelRequest(ModelReference.Parse(new Uri(models).AbsoluteUri));

// Files are kept on disk, loaded models and graphs in memory: 64 MB of them, and what is idle makes place.
using var files = new ModelCache(new ModelCacheOptions { StorePath = "artifacts/samples/presets" });
await using var graphs = new GraphCache(
    new GraphCacheOptions { MaxBytes = 64_000_000, ClassifyFailure = PresetGraphs.ClassifyFailure }
);
var presets = new PresetGraphs(files, graphs, new DenoiserVariants(files));
LoraList purple = [new LoraChoice(Path.Combine(models, "loras/purple.safetensors"))];

await MakeAsync("t2v_two_stages", new());
await MakeAsync("t2v_two_stages", new() { Steps = 15 }); // The default given is no other graph.
await MakeAsync("distilled_fast", new()); // Another graph of the same models.
await MakeAsync("ic_lora", new() { Loras = purple }); // Other weights, so other models.
Console.WriteLine($"{presets.Count} graphs, {graphs.Statistics.Bytes:N0} bytes");

async Task MakeAsync(string preset, PresetOptions options)
{
    await using var lease = await presets.RentAsync(VideoPresets.Get(preset), request, options);
    using var result = await lease.Graph.RunAsync(new GraphInputs().Set("prompt", "a red square moving right"));
    var video = (Video)result["video"]!;
    Console.WriteLine(
        $"{preset}: models {Text(lease.ModelsFromCache)}, graph {Text(lease.GraphFromCache)}, {video.Frames} pictures"
    );
}

static string Text(bool fromCache) => fromCache ? "hit" : "miss";
