using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Diffusion.Caching;
using Larder.Diffusion.Graph;
using Larder.Diffusion.Loras;
using Larder.Diffusion.Models;
using Larder.Diffusion.Nodes;
using Larder.Diffusion.Presets;
using Larder.Diffusion.Tests.Models;
using Larder.Diffusion.Tests.Presets;
using Larder.Onnx;
using Larder.Origins;
using Larder.Pull;
using ModelGenerator.Video;

namespace Larder.Diffusion.Tests.Caching;

public sealed partial class PresetGraphsTests(SampleModels samples) : IAsyncDisposable
{
    private readonly PresetWorld _world = new();

    public static TheoryData<string> Names => [.. VideoPresets.Names];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RentAsync_SameModelsAndOptions_IsTheSameGraphWithoutALoad(string name)
    {
        await using var first = await _world.RentAsync(name);
        _world.Origin.IsForbidden = true;
        var loads = _world.Loads;

        await using var second = await _world.RentAsync(name, new PresetOptions());

        Assert.Same(first.Graph, second.Graph);
        Assert.Same(first.Models, second.Models);
        Assert.Equal((false, false, false), (first.FilesFromCache, first.ModelsFromCache, first.GraphFromCache));
        Assert.Equal((true, true, true), (second.FilesFromCache, second.ModelsFromCache, second.GraphFromCache));
        Assert.Equal((PullOutcome.Miss, PullOutcome.Hit), (first.Files, second.Files));
        Assert.Equal(first.Version, second.Version);
        Assert.Equal(loads, _world.Loads);
        Assert.Equal(
            VideoPresets.Get(name).IsQuantized ? ["onnx-quantize"] : [],
            first.Passes.Select(pass => pass.Type)
        );
        Assert.Empty(second.Passes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RentAsync_EveryDefaultGiven_IsTheSameGraph(string name)
    {
        await using var defaults = await _world.RentAsync(name);
        var preset = VideoPresets.Get(name);
        var all = preset.Fill(PlannedModels.Of(defaults.Models), PresetOptions.None);
        Assert.Equal(
            preset.Options.Select(option => option.Name).Except(NotOfTheGraph).Order(),
            all.Select(option => option.Key).Order()
        );
        // As configurations have them: 7.5 as it is, 30 also as 30.0.
        foreach (var (option, value) in all.ToArray())
        {
            var one = preset.ReadOptions(
                JsonSerializer.SerializeToElement(new JsonObject { [option] = value!.DeepClone() })
            );
            await using var given = await _world.RentAsync(name, one);
            Assert.True(given.GraphFromCache, $"{option} = {value} is another graph than the default.");
        }

        await using var explicitly = await _world.RentAsync(
            name,
            preset.ReadOptions(JsonSerializer.SerializeToElement(all))
        );

        Assert.Same(defaults.Graph, explicitly.Graph);
        Assert.Equal(1, _world.Presets.Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RentAsync_AnyOtherOption_IsAnotherGraphOfTheSameModels(string name)
    {
        await using var defaults = await _world.RentAsync(name);
        var preset = VideoPresets.Get(name);
        var graphs = new HashSet<InferenceGraph> { defaults.Graph };
        // Sizes: those of a clip are one here, for two stages.
        var options = preset
            .Options.Select(option => option.Name)
            .Except([.. NotOfTheGraph, "frames", "width", "height"])
            .ToList();

        foreach (var option in options)
        {
            await using var other = await _world.RentAsync(name, Other(preset, option));
            Assert.True(graphs.Add(other.Graph), $"Another {option} is the same graph.");
            Assert.Same(defaults.Models, other.Models);
            Assert.Equal((false, true), (other.GraphFromCache, other.ModelsFromCache));
        }

        Assert.Equal(options.Count + 1, _world.Presets.Count);
        Assert.Equal(options.Count + 2, _world.Loads);
    }

    [Fact]
    public async Task RentAsync_SmallClip_IsAnotherGraph()
    {
        await using var full = await _world.RentAsync("t2v_one_stage");

        await using var small = await _world.RentAsync(
            "t2v_one_stage",
            new PresetOptions { Width = Clip.HalfSize, Height = Clip.HalfSize }
        );

        Assert.NotSame(full.Graph, small.Graph);
        Assert.Equal(Clip.HalfSize, (await small.Graph.VideoAsync("red", 1)).Width);
    }

    [Fact]
    public async Task RentAsync_AllFifteen_AreFifteenGraphsOfTwoSetsOfModelsWhoseBytesCountOnce()
    {
        List<PresetLease> leases = [];
        foreach (var name in VideoPresets.Names)
            leases.Add(await _world.RentAsync(name));

        Assert.Equal(15, leases.Select(lease => lease.Graph).Distinct().Count());
        Assert.Equal(15, _world.Presets.Count);
        var models = leases.Select(lease => lease.Models).Distinct().ToList();
        Assert.Equal(2, models.Count);
        Assert.Equal(samples.Plain.SizeBytes, models[0].SizeBytes);
        Assert.InRange(models[1].SizeBytes, 80_000, samples.Plain.SizeBytes - 150_000);
        Assert.Equal(models.Sum(BytesOnDisk), _world.Graphs.Statistics.Bytes);
        Assert.Equal(13, leases.Count(lease => lease.ModelsFromCache));
        Assert.Equal(17, _world.Loads);
        leases.ForEach(lease => lease.Dispose());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RentAsync_Run_GivesWhatABuiltGraphGives(string name)
    {
        var preset = VideoPresets.Get(name);
        await using var lease = await _world.RentAsync(name);
        var built = preset.Build(preset.IsQuantized ? samples.Quantized : samples.Plain);
        var clip = Clip.All[11];

        var expected = await built.VideoAsync(clip.Prompt, 3, Keyframes);
        var actual = await lease.Graph.VideoAsync(clip.Prompt, 3, Keyframes);

        // Of small weights there are several kinds; the sample's are rounded in another direction.
        if (preset.IsQuantized)
            Assert.InRange(ClipComparison.Psnr(actual.Values.Span, expected.Values.Span), 40, 80);
        else
            Assert.Equal(expected.Values.ToArray(), actual.Values.ToArray());
        Assert.Equal(clip, actual.Seen());

        void Keyframes(GraphInputs inputs)
        {
            if (preset.TakesKeyframes)
                inputs.Set(PresetPorts.Keyframes, (IReadOnlyList<Keyframe>)[PresetRun.KeyframeOf(clip, 0)]);
        }
    }

    [Fact]
    public async Task RentAsync_SameFilesElsewhere_IsTheSameGraph()
    {
        await using var first = await _world.RentAsync("distilled_fast");

        await using var second = await _world.RentAsync("distilled_fast", models: PresetWorld.Request("copy"));

        Assert.Same(first.Graph, second.Graph);
        Assert.Equal((true, true), (second.ModelsFromCache, second.GraphFromCache));
    }

    [Fact]
    public async Task RentAsync_NewVersionOfTheModels_IsAnotherGraphOfOtherModels_AndTheOldOneIsHadByItsDigest()
    {
        await using var old = await _world.RentAsync("distilled_fast");
        _world.Origin.Put("notes.txt", "new"u8.ToArray());
        _world.Time.Advance(TimeSpan.FromMinutes(6));

        await using var present = await _world.RentAsync("distilled_fast");
        await using var byDigest = await _world.RentAsync(
            "distilled_fast",
            models: PresetWorld.Request(pull: new PullOptions { Digest = old.Version })
        );

        Assert.NotEqual(old.Version, present.Version);
        Assert.NotSame(old.Models, present.Models);
        Assert.NotSame(old.Graph, present.Graph);
        Assert.Same(old.Graph, byDigest.Graph);
        Assert.Equal(2, _world.Presets.Count);
    }

    [Fact]
    public async Task RentAsync_FreshForHasPassed_AsksTheOriginAndGoesOnWithTheSameGraph()
    {
        await using var first = await _world.RentAsync("distilled_fast");
        _world.Time.Advance(TimeSpan.FromMinutes(6));

        await using var second = await _world.RentAsync("distilled_fast");
        await using var third = await _world.RentAsync("distilled_fast");

        Assert.Equal((PullOutcome.Revalidated, PullOutcome.Hit), (second.Files, third.Files));
        Assert.Same(first.Graph, third.Graph);
        Assert.Equal(2, _world.Origin.Listings);
    }

    [Fact]
    public async Task RentAsync_OriginIsDown_ServesWhatItHas()
    {
        await using var first = await _world.RentAsync("distilled_fast");
        _world.Time.Advance(TimeSpan.FromMinutes(6));
        _world.Origin.Failure = new OriginException(OriginFailure.Unavailable, "fake://origin/video/", "It is down.");

        await using var second = await _world.RentAsync("distilled_fast");

        Assert.Equal(PullOutcome.Stale, second.Files);
        Assert.Same(first.Graph, second.Graph);
    }

    [Fact]
    public async Task RentAsync_SessionOptions_AreOtherModels()
    {
        var others = new PresetGraphs(
            _world.Files,
            _world.Graphs,
            new DenoiserVariants(_world.Files),
            new OnnxModelOptions { IntraOpThreads = 2 },
            _world.Time
        );
        await using var one = await _world.RentAsync("distilled_fast");

        await using var two = await others.RentAsync(
            VideoPresets.Get("distilled_fast"),
            PresetWorld.Request(),
            cancellationToken: Token
        );

        Assert.NotSame(one.Models, two.Models);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static long BytesOnDisk(VideoModels models) =>
        new[]
        {
            models.Files.TextEncoder,
            models.Files.Denoiser,
            models.Files.VaeEncoder,
            models.Files.VaeDecoder,
            models.Files.LatentUpsampler,
        }.Sum(path => new FileInfo(path!).Length);

    // What says how the models are made.
    private static readonly string[] NotOfTheGraph = ["loras", "quantization_method", "quality_target_percent"];

    private static PresetOptions Other(Preset preset, string option)
    {
        JsonNode value = option switch
        {
            "steps" or "stage2_steps" => 17,
            "guidance" or "stage2_guidance" => 3.25,
            "schedule" => "distilled",
            "min_steps" or "stage2_min_steps" => 1,
            "stage2_schedule" => "distilled_stage2",
            "timestep_scaling" or "early_exit" or "drop_unconditional" => false,
            "tolerance" => 0.02,
            "keyframes" => 2,
            "tile_size" => 32,
            _ => throw new InvalidOperationException($"There is a new option: {option}."),
        };
        var json = new JsonObject { [option] = value };
        // Those schedules have fewer steps than adaptive presets take at least.
        if (option.EndsWith("schedule", StringComparison.Ordinal) && preset.IsAdaptive)
            json[option.Replace("schedule", "min_steps", StringComparison.Ordinal)] = 2;
        return preset.ReadOptions(JsonSerializer.SerializeToElement(json));
    }
}
