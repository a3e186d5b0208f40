using System.Collections.Concurrent;
using Larder.Diffusion.Caching;
using Larder.Diffusion.Loras;
using Larder.Diffusion.Presets;
using Larder.Diffusion.Tests.Models;
using Larder.Graphs;
using Larder.Passes.Running;
using Larder.Pull;
using Larder.TestKit;

namespace Larder.Diffusion.Tests.Caching;

/// <summary>An origin in memory with the sample models, and the caches between it and preset graphs.</summary>
internal sealed class PresetWorld : IAsyncDisposable
{
    private static readonly string[] Names =
    [
        "denoiser.onnx",
        "latent_upsampler.onnx",
        "model.json",
        "text_encoder.onnx",
        "vae_decoder.onnx",
        "vae_encoder.onnx",
        "vocabulary.json",
    ];

    private readonly ConcurrentBag<PresetLease> _rented = [];

    public PresetWorld(int maxGraphs = 64, long? maxBytes = null, TimeProvider? graphTime = null)
    {
        foreach (var name in Names)
            Origin.Put(name, File.ReadAllBytes(Path.Combine(SampleModels.Directory, name)), tellsDigest: true);
        // What fails fails at once: on a clock that a test moves by hand nobody would wait to the end.
        Files = new ModelCache(new ModelCacheOptions { StorePath = Directory["store"], Retries = 0 }, [Origin], Time);
        Options = new GraphCacheOptions
        {
            MaxGraphs = maxGraphs,
            MaxBytes = maxBytes,
            ClassifyFailure = PresetGraphs.ClassifyFailure,
        };
        Graphs = new GraphCache(Options, graphTime);
        Presets = new PresetGraphs(Files, Graphs, new DenoiserVariants(Files, timeProvider: Time), timeProvider: Time);
    }

    public TempDirectory Directory { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public FakeOrigin Origin { get; } = new();

    public ModelCache Files { get; }

    public GraphCacheOptions Options { get; }

    public GraphCache Graphs { get; }

    public PresetGraphs Presets { get; }

    public long Loads => Graphs.GetStatistics().Loads;

    /// <summary>Whether somebody holds the files of any model.</summary>
    public bool AnyLeased => Files.List().Any(model => model.Leased);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static VideoModelRequest Request(string name = "video", PullOptions? pull = null) =>
        new(FakeOrigin.Reference(name)) { Pull = pull ?? new PullOptions() };

    public async Task<PresetLease> RentAsync(
        string preset,
        PresetOptions? options = null,
        VideoModelRequest? models = null,
        IProgress<WorkflowProgress>? progress = null,
        CancellationToken? cancellationToken = null
    )
    {
        var lease = await Presets.RentAsync(
            VideoPresets.Get(preset),
            models ?? Request(),
            options,
            progress,
            cancellationToken ?? Token
        );
        _rented.Add(lease);
        return lease;
    }

    /// <summary>Rents and returns at once; the lease still tells how it was come by.</summary>
    public async Task<PresetLease> UseAsync(
        string preset,
        PresetOptions? options = null,
        VideoModelRequest? models = null
    )
    {
        var lease = await RentAsync(preset, options, models);
        lease.Dispose();
        return lease;
    }

    /// <summary>A copy of a sample's LoRA, written long ago.</summary>
    public string PutLora(string sample, string? name = null) =>
        PutLora(
            name ?? sample,
            File.ReadAllBytes(Path.Combine(SampleModels.Directory, "loras", $"{sample}.safetensors"))
        );

    /// <summary>A file that was written long ago, replaced where there is one.</summary>
    public string PutLora(string name, byte[] bytes, DateTime? written = null)
    {
        var path = Directory[$"{name}.safetensors"];
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, written ?? new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        // A test that failed has returned none, and the cache waits for all of them.
        foreach (var lease in _rented)
            lease.Dispose();
        await Graphs.DisposeAsync();
        Files.Dispose();
        Directory.Dispose();
    }
}
