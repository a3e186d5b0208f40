using Larder.Diffusion.Presets;
using Larder.Diffusion.Tests.Presets;
using Larder.Graphs;
using Larder.Origins;
using Larder.Pull;
using Larder.TestKit;
using ModelGenerator.Video;

namespace Larder.Diffusion.Tests.Caching;

public sealed partial class PresetGraphsTests
{
    [Theory]
    [MemberData(nameof(Names))]
    public async Task ClearAsync_NobodyUsesIt_UnloadsTheGraphAndItsModels_AndItIsBuiltAgain(string name)
    {
        var first = await _world.UseAsync(name);

        var cleared = await _world.Presets.ClearAsync(Token);

        Assert.Equal((1, 1), Removed(cleared));
        Assert.Empty(cleared.KeptInUse);
        Assert.Equal(
            (0, 0, 0),
            (_world.Presets.Count, _world.Graphs.ListGraphs().Count, _world.Graphs.Statistics.Bytes)
        );
        Assert.False(_world.AnyLeased);
        Assert.Throws<ObjectDisposedException>(() => first.Graph);
        var second = await _world.UseAsync(name);
        Assert.Equal((true, false, false), (second.FilesFromCache, second.ModelsFromCache, second.GraphFromCache));
        Assert.Equal(1, _world.Presets.Count);
    }

    [Fact]
    public async Task ClearAsync_InUse_KeepsItAndItsModels()
    {
        await using var used = await _world.RentAsync("t2v_one_stage");
        await _world.UseAsync("distilled_fast");
        await _world.UseAsync("distilled_fast_quantized");

        var cleared = await _world.Presets.ClearAsync(Token);

        Assert.Equal((2, 1), Removed(cleared));
        Assert.Equal(2, cleared.KeptInUse.Count);
        Assert.Equal(1, _world.Presets.Count);
        Assert.Equal(Clip.All[0], (await used.Graph.VideoAsync(Red, 1)).Seen());
        await using var again = await _world.RentAsync("t2v_one_stage");
        Assert.Same(used.Graph, again.Graph);
    }

    [Fact]
    public async Task ClearAsync_OtherGraphsOfTheCache_Stay()
    {
        var key = Larder.Content.EntryKey.Of(new() { ["kind"] = "other", ["version"] = 1 });
        (await _world.Graphs.RentAsync(key, _ => Task.FromResult("mine"), Token)).Dispose();
        await _world.UseAsync("distilled_fast");
        Assert.Equal(1, _world.Presets.Count);

        await _world.Presets.ClearAsync(Token);

        Assert.Equal(key, Assert.Single(_world.Graphs.ListGraphs()).Key);
    }

    [Fact]
    public async Task Reconfigure_LowerLimits_LosesNothingThatIsInUse()
    {
        List<string> used = ["t2v_one_stage", "t2v_two_stages_quantized", "ic_lora_adaptive"];
        var leases = new List<Larder.Diffusion.Caching.PresetLease>();
        foreach (var name in used)
            leases.Add(await _world.RentAsync(name));
        foreach (var name in VideoPresets.Names.Except(used))
            await _world.UseAsync(name);
        Assert.Equal(15, _world.Presets.Count);

        _world.Options.MaxGraphs = 4;
        _world.Graphs.Reconfigure(_world.Options);

        Assert.Equal(3, _world.Presets.Count);
        foreach (var (name, lease) in used.Zip(leases))
        {
            await using var again = await _world.RentAsync(name);
            Assert.Same(lease.Graph, again.Graph);
        }
        _world.Options.MaxGraphs = 64;
        _world.Graphs.Reconfigure(_world.Options);
        var loads = _world.Loads;
        foreach (var name in VideoPresets.Names)
            await _world.UseAsync(name);
        Assert.Equal((15, loads + 12), (_world.Presets.Count, _world.Loads));
        leases.ForEach(lease => lease.Dispose());
    }

    [Fact]
    public async Task Reconfigure_AnotherLimitThatHoldsAll_KeepsAll()
    {
        foreach (var name in VideoPresets.Names)
            await _world.UseAsync(name);
        var loads = _world.Loads;

        foreach (var limit in new[] { 17, 1000, 20 })
        {
            _world.Options.MaxGraphs = limit;
            _world.Graphs.Reconfigure(_world.Options);
            foreach (var name in VideoPresets.Names)
                Assert.True((await _world.UseAsync(name)).GraphFromCache);
        }

        Assert.Equal((15, loads), (_world.Presets.Count, _world.Loads));
    }

    [Fact]
    public async Task RentAsync_BytesForOneSetOfModels_MakesRoomByUnloadingTheOther()
    {
        await using var world = new PresetWorld(maxBytes: samples.Plain.SizeBytes);
        await world.UseAsync("t2v_one_stage");
        await world.UseAsync("distilled_fast");
        Assert.Equal(samples.Plain.SizeBytes, world.Graphs.Statistics.Bytes);

        await using (var quantized = await world.RentAsync("distilled_fast_quantized"))
            Assert.Equal(BytesOnDisk(quantized.Models), world.Graphs.Statistics.Bytes);

        Assert.Equal(1, world.Presets.Count);
        Assert.False((await world.UseAsync("t2v_one_stage")).ModelsFromCache);
    }

    [Fact]
    public async Task RentAsync_BytesForNoModels_SaysSo()
    {
        await using var world = new PresetWorld(maxBytes: 10_000);

        await Assert.ThrowsAsync<GraphTooLargeException>(() => world.RentAsync("t2v_one_stage"));

        Assert.False(world.AnyLeased);
    }

    [Fact]
    public async Task Store_ModelsThatAreLoaded_AreNotEvicted()
    {
        await using var lease = await _world.RentAsync("ic_lora", Loras(new LoraChoice(_world.PutLora("purple"))));

        var cleared = await _world.Files.ClearAsync((ModelReference?)null, Token);

        Assert.NotEmpty(cleared.KeptInUse);
        Assert.True(File.Exists(lease.Models.Files.Denoiser));
        Assert.True(File.Exists(lease.Models.Files.VaeDecoder));
    }

    [Fact]
    public async Task Store_ModelsEvictedBetweenTwoRuns_ArePulledAgain()
    {
        float[] before;
        await using (var lease = await _world.RentAsync("distilled_fast_quantized"))
            before = (await lease.Graph.VideoAsync(Red, 1)).Values.ToArray();
        await _world.Presets.ClearAsync(Token);
        var cleared = await _world.Files.ClearAsync((ModelReference?)null, Token);
        Assert.Empty(cleared.KeptInUse);
        Assert.Empty(_world.Files.List());

        await using var again = await _world.RentAsync("distilled_fast_quantized");

        Assert.Equal((PullOutcome.Miss, false, false), (again.Files, again.FilesFromCache, again.ModelsFromCache));
        Assert.Equal(before, (await again.Graph.VideoAsync(Red, 1)).Values.ToArray());
    }

    [Fact]
    public async Task Store_ModelsEvictedWhileTheirGraphIsIdle_StayUntilItIsUnloaded()
    {
        await _world.UseAsync("distilled_fast");

        var cleared = await _world.Files.ClearAsync(FakeOrigin.Reference("video"), Token);

        Assert.NotEmpty(cleared.KeptInUse);
        _world.Origin.IsForbidden = true;
        Assert.True((await _world.UseAsync("distilled_fast")).GraphFromCache);
    }
}
