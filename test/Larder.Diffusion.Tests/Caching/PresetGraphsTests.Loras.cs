using System.Text;
using System.Text.Json.Nodes;
using Larder.Diffusion.Caching;
using Larder.Diffusion.Presets;
using Larder.Diffusion.Tests.Presets;
using Larder.Passes;
using Larder.Passes.Running;
using ModelGenerator.Video;

namespace Larder.Diffusion.Tests.Caching;

public sealed partial class PresetGraphsTests
{
    private const string Red = "a red square moving right";

    [Theory]
    [InlineData("ic_lora")]
    [InlineData("ic_lora_adaptive")]
    [InlineData("ic_lora_quantized")]
    public async Task RentAsync_Lora_ChangesTheClipAndIsMadeOnce(string name)
    {
        var loras = Loras(new LoraChoice(_world.PutLora("purple")));

        await using var first = await _world.RentAsync(name, loras);
        await _world.Presets.ClearAsync(Token);
        await using var second = await _world.RentAsync(name, loras);

        var video = await first.Graph.VideoAsync(Red, 1);
        Assert.Equal(ClipColour.Purple, ClipReading.Of(video.Values.Span, Clip.FullSize)!.Colour);
        Assert.Equal(StepOutcome.Computed, first.Passes[0].Outcome);
        Assert.True(second.ModelsFromCache);
        await using var without = await _world.RentAsync(name);
        Assert.Equal(Clip.All[0], (await without.Graph.VideoAsync(Red, 1)).Seen());
    }

    [Fact]
    public async Task RentAsync_LorasUnloaded_ComeFromTheStore()
    {
        var loras = Loras(new LoraChoice(_world.PutLora("purple")), new LoraChoice(_world.PutLora("diamond"), 0.5));
        var first = await _world.UseAsync("ic_lora_quantized", loras);
        Assert.Equal((1, 1), Removed(await _world.Presets.ClearAsync(Token)));

        var second = await _world.UseAsync("ic_lora_quantized", loras);

        Assert.Equal([StepOutcome.Computed, StepOutcome.Computed], first.Passes.Select(pass => pass.Outcome));
        Assert.Equal(StepOutcome.LocalHit, second.Passes[^1].Outcome);
        Assert.Equal((true, false, false), (second.FilesFromCache, second.ModelsFromCache, second.GraphFromCache));
    }

    [Fact]
    public async Task RentAsync_OtherOrderOrStrength_IsAnotherGraphOfOtherModels()
    {
        var purple = new LoraChoice(_world.PutLora("purple"));
        var diamond = new LoraChoice(_world.PutLora("diamond"));
        PresetOptions[] all =
        [
            new(),
            Loras(purple),
            Loras(purple with { Strength = 0.5 }),
            Loras(purple with { Strength = -0.5 }),
            Loras(purple, diamond),
            Loras(diamond, purple),
            Loras(purple, purple),
        ];
        HashSet<(object, object)> seen = [];

        foreach (var options in all)
        {
            await using var lease = await _world.RentAsync("ic_lora", options);
            seen.Add((lease.Graph, lease.Models));
        }

        Assert.Equal(all.Length, seen.Count);
        Assert.Equal(all.Length, _world.Presets.Count);
    }

    [Fact]
    public async Task RentAsync_LoraOfNoStrength_IsAsIfItWereNotThere()
    {
        await using var without = await _world.RentAsync("ic_lora");

        await using var with = await _world.RentAsync(
            "ic_lora",
            Loras(new LoraChoice(_world.PutLora("purple"), 0), new LoraChoice("/nowhere", -0.0))
        );

        Assert.Same(without.Graph, with.Graph);
    }

    [Fact]
    public async Task RentAsync_SameLoraElsewhere_IsTheSameGraph()
    {
        await using var first = await _world.RentAsync("ic_lora", Loras(new LoraChoice(_world.PutLora("purple"))));

        await using var second = await _world.RentAsync(
            "ic_lora",
            Loras(new LoraChoice(_world.PutLora("purple", "copy")))
        );

        Assert.Same(first.Graph, second.Graph);
    }

    [Fact]
    public async Task RentAsync_LoraReplacedInPlace_IsAnotherGraph_AndTheOldBytesAreTheOldOne()
    {
        var path = _world.PutLora("purple", "style");
        var loras = Loras(new LoraChoice(path));
        await using var purple = await _world.RentAsync("ic_lora", loras);

        _world.PutLora("diamond", "style");
        await using var diamond = await _world.RentAsync("ic_lora", loras);
        _world.PutLora("purple", "style");
        await using var again = await _world.RentAsync("ic_lora", loras);

        Assert.NotSame(purple.Graph, diamond.Graph);
        Assert.NotSame(purple.Models, diamond.Models);
        Assert.False(diamond.GraphFromCache);
        Assert.Same(purple.Graph, again.Graph);
        Assert.Equal(Clip.All[0], (await diamond.Graph.VideoAsync(Red, 1)).Seen());
    }

    [Fact]
    public async Task RentAsync_LoraOfTheSameSizeWrittenAMomentAgo_IsReadAgain()
    {
        // Its size and time may be the same although its bytes are others: both are set so here.
        var bytes = await File.ReadAllBytesAsync(_world.PutLora("purple", "style"), Token);
        var now = _world.Time.GetUtcNow().UtcDateTime;
        var loras = Loras(new LoraChoice(_world.PutLora("style", bytes, now)));
        await using var first = await _world.RentAsync("ic_lora", loras);
        bytes[^1] ^= 0x40;
        _world.PutLora("style", bytes, now);

        await using var second = await _world.RentAsync("ic_lora", loras);

        Assert.NotSame(first.Models, second.Models);
    }

    [Fact]
    public async Task RentAsync_LoraNotTouched_IsNotReadAgain()
    {
        var path = _world.PutLora("purple");
        await using var first = await _world.RentAsync("ic_lora", Loras(new LoraChoice(path)));
        // Nobody can tell by its status that it holds other bytes now: if it is read again, this is another graph.
        var written = File.GetLastWriteTimeUtc(path);
        var bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[^1] ^= 0x40;
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
            await file.WriteAsync(bytes, Token);
        File.SetLastWriteTimeUtc(path, written);

        await using var hit = await _world.RentAsync("ic_lora", Loras(new LoraChoice(path)));
        await using var otherOptions = await _world.RentAsync(
            "ic_lora",
            Loras(new LoraChoice(path)) with
            {
                Steps = 3,
            }
        );

        Assert.Same(first.Graph, hit.Graph);
        Assert.Same(first.Models, otherOptions.Models);
    }

    [Fact]
    public async Task RentAsync_LorasThatCannotBeRead_AreToldTogetherBeforeAnythingIsPulled()
    {
        Directory.CreateDirectory(_world.Directory["folder"]);
        _world.Origin.IsForbidden = true;

        var failure = await Assert.ThrowsAsync<DiffusionException>(() =>
            _world.RentAsync(
                "ic_lora",
                Loras(
                    new LoraChoice(_world.Directory["none"]),
                    new LoraChoice(_world.PutLora("purple")),
                    new LoraChoice(_world.Directory["folder"])
                )
            )
        );

        Assert.Equal(
            [$"loras[0] ('{_world.Directory["none"]}')", $"loras[2] ('{_world.Directory["folder"]}')"],
            failure.Faults.Select(fault => fault.Subject)
        );
    }

    [Fact]
    public async Task RentAsync_LoraOfRanksThatDoNotFit_SaysWhichAndHoldsNothing()
    {
        var loras = Loras(
            // One column too many, and two ranks in one pair.
            new LoraChoice(_world.PutLora("misfit", PaletteLora((4, 2), (2, 4)))),
            new LoraChoice(_world.PutLora("ranks", PaletteLora((4, 2), (1, 3))))
        );

        var failure = await Assert.ThrowsAsync<PassException>(() => _world.RentAsync("ic_lora", loras));

        Assert.Equal(PassFailure.Permanent, failure.Failure);
        Assert.Contains("misfit", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ranks", failure.Message, StringComparison.Ordinal);
        Assert.Equal((0, false), (_world.Presets.Count, _world.AnyLeased));
        // And others are none the worse for it.
        await using var lease = await _world.RentAsync("ic_lora");
        Assert.Equal(Clip.All[0], (await lease.Graph.VideoAsync(Red, 1)).Seen());
    }

    // A LoRA of the palette, of these sizes, all zeros.
    private static byte[] PaletteLora((int Rows, int Ranks) b, (int Ranks, int Columns) a)
    {
        var (sizeOfA, sizeOfB) = (4 * a.Ranks * a.Columns, 4 * b.Rows * b.Ranks);
        var header = Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["palette.lora_A"] = Tensor(a.Ranks, a.Columns, 0, sizeOfA),
                ["palette.lora_B"] = Tensor(b.Rows, b.Ranks, sizeOfA, sizeOfA + sizeOfB),
            }.ToJsonString()
        );
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[sizeOfA + sizeOfB]];

        static JsonObject Tensor(int rows, int columns, int begin, int end) =>
            new()
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray(rows, columns),
                ["data_offsets"] = new JsonArray(begin, end),
            };
    }

    private static PresetOptions Loras(params LoraChoice[] loras) => new() { Loras = [.. loras] };

    private static (int Graphs, int Models) Removed(PresetClearResult result) => (result.Removed, result.ModelsRemoved);
}
