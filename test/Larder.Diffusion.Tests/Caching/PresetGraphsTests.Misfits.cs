using System.Text.Json.Nodes;
using Larder.Diffusion.Presets;
using Larder.Diffusion.Tests.Models;

namespace Larder.Diffusion.Tests.Caching;

public sealed partial class PresetGraphsTests
{
    [Theory]
    [InlineData("t2v_two_stages")]
    [InlineData("t2v_two_stages_adaptive")]
    [InlineData("t2v_two_stages_quantized")]
    public async Task RentAsync_TwoStagesWithoutAnUpsampler_SaysSoBeforeAnythingIsMade(string name)
    {
        PutModelJson(json => json["files"]!.AsObject().Remove("latent_upsampler"));

        var failure = await Assert.ThrowsAsync<DiffusionException>(() => _world.RentAsync(name));

        Assert.Contains("They have no upsampler", Assert.Single(failure.Faults).Message, StringComparison.Ordinal);
        Assert.Equal((0, false), (_world.Loads, _world.AnyLeased));
        // Nor is a denoiser quantised for nothing.
        Assert.Equal(
            ["fake://origin/video"],
            _world.Files.List().Select(model => model.Reference.TrimEnd('/')).Distinct()
        );
        await using var oneStage = await _world.RentAsync("t2v_one_stage");
        Assert.False(oneStage.Models.HasUpsampler);
    }

    [Fact]
    public async Task RentAsync_OptionsThatMakeNoSense_AreToldBeforeAnythingIsPulled()
    {
        _world.Origin.IsForbidden = true;

        var failure = await Assert.ThrowsAsync<DiffusionException>(() =>
            _world.RentAsync("t2v_one_stage", new PresetOptions { Steps = 0, Keyframes = 2 })
        );

        Assert.Equal(["keyframes", "steps"], failure.Faults.Select(fault => fault.Subject).Order());
    }

    [Fact]
    public async Task RentAsync_OptionsThatDoNotFitTheModels_AreToldTogetherBeforeAnythingIsLoaded()
    {
        var failure = await Assert.ThrowsAsync<DiffusionException>(() =>
            _world.RentAsync(
                "t2v_two_stages_adaptive",
                new PresetOptions
                {
                    Frames = 16,
                    Width = 24,
                    Steps = 5,
                    TileSize = 12,
                }
            )
        );

        Assert.Equal(
            ["frames", "steps", "tile_size", "width"],
            failure.Faults.Select(fault => fault.Subject).Order(StringComparer.Ordinal)
        );
        Assert.Equal((0, false), (_world.Loads, _world.AnyLeased));
    }

    [Fact]
    public async Task RentAsync_ModelsWhosePortsDoNotFit_AreToldTogetherAndHoldNothing()
    {
        PutModelJson(json => json["latents"]!["channels"] = 40);

        var failure = await Assert.ThrowsAsync<DiffusionException>(() => _world.RentAsync("t2v_one_stage"));

        Assert.Equal(6, failure.Faults.Count);
        Assert.Equal((0, 0L, false), (_world.Presets.Count, _world.Graphs.Statistics.Bytes, _world.AnyLeased));
    }

    [Fact]
    public async Task RentAsync_NoModelJson_NamesTheModels()
    {
        _world.Origin.Remove("model.json");

        var failure = await Assert.ThrowsAsync<DiffusionException>(() => _world.RentAsync("t2v_one_stage"));

        Assert.Contains("The models of 'fake://origin/video", failure.Message, StringComparison.Ordinal);
        Assert.False(_world.AnyLeased);
    }

    private void PutModelJson(Action<JsonObject> change)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(SampleModels.Directory, "model.json")))!.AsObject();
        change(json);
        _world.Origin.Put("model.json", System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), tellsDigest: true);
    }
}
