using Larder;
using Larder.Diffusion.Caching;
using Larder.Diffusion.Loras;
using Larder.Diffusion.Presets;
using Larder.Graphs;
using Larder.Origins;

namespace HotPaths.Presets;

/// <summary>The sample video models in a store of their own, and the caches that presets are rented from.</summary>
internal sealed class PresetBench : IAsyncDisposable
{
    private readonly ModelCache _files;
    private readonly VideoModelRequest _request;

    public PresetBench(string work, string models)
    {
        var store = Path.Combine(Path.GetFullPath(work), "store");
        if (Directory.Exists(store))
            Directory.Delete(store, recursive: true);
        _files = new ModelCache(new ModelCacheOptions { StorePath = store });
        Graphs = new GraphCache(new GraphCacheOptions { MaxGraphs = 100_000 });
        Presets = new PresetGraphs(_files, Graphs, new DenoiserVariants(_files));
        _request = new VideoModelRequest(ModelReference.Parse(new Uri(Path.GetFullPath(models)).AbsoluteUri));
    }

    public GraphCache Graphs { get; }

    public PresetGraphs Presets { get; }

    public Task<PresetLease> RentAsync(Preset preset, PresetOptions? options = null) =>
        Presets.RentAsync(preset, _request, options);

    public async ValueTask DisposeAsync()
    {
        await Graphs.DisposeAsync();
        _files.Dispose();
    }
}
