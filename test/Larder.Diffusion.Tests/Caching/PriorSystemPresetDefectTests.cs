using System.Reflection;
using System.Text.Json;
using Larder.Content;
using Larder.Diffusion.Graph;
using Larder.Diffusion.Nodes;
using Larder.Diffusion.Presets;
using Larder.Diffusion.Tests.Presets;
using ModelGenerator.Video;

namespace Larder.Diffusion.Tests.Caching;

/// <summary>What the prior system's cache of preset graphs did wrong, as things that do not happen here.</summary>
public sealed class PriorSystemPresetDefectTests : IAsyncDisposable
{
    private const string Red = "a red square moving right";

    private readonly PresetWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NewModelsWhereOldOnesLay_DoNotGetTheOldGraph()
    {
        // There, models were known by their address in memory: 196 of 200 new ones had that of one that was gone.
        HashSet<Digest> versions = [];
        for (var round = 0; round < 20; round++)
        {
            _world.Origin.Put("notes.txt", BitConverter.GetBytes(round));
            _world.Time.Advance(TimeSpan.FromMinutes(6));
            var fresh = await _world.UseAsync("distilled_fast");
            Assert.Equal((false, false), (fresh.ModelsFromCache, fresh.GraphFromCache));
            Assert.True(versions.Add(fresh.Version));
            await _world.Presets.ClearAsync(Token);
        }
    }

    [Fact]
    public async Task FifteenGraphsOfOneModel_HoldItOnceAndItsBytesCount()
    {
        // There, a graph was said to be 1 to 5 MB, and 32 of them held up to 32 sets of models that nobody counted.
        foreach (var preset in VideoPresets.All.Where(preset => !preset.IsQuantized))
            await _world.UseAsync(preset.Name);
        Assert.Equal(10, _world.Presets.Count);

        await using var lease = await _world.RentAsync("ic_lora");

        Assert.Equal(lease.Models.SizeBytes, _world.Graphs.Statistics.Bytes);
        _world.Options.MaxBytes = lease.Models.SizeBytes - 1;
        lease.Dispose();
        _world.Graphs.Reconfigure(_world.Options);
        // Whoever lowers the budget gets it back: the models go when the last graph on them goes.
        await Until(() => _world.Graphs.Statistics.Bytes == 0);
        Assert.Equal(0, _world.Presets.Count);
    }

    [Fact]
    public async Task LoraFusedInPlace_IsSeen()
    {
        // There, a model kept its address whatever was fused into it, and the graph of before was taken.
        await using var before = await _world.RentAsync("ic_lora");
        await using var after = await _world.RentAsync(
            "ic_lora",
            new PresetOptions { Loras = [new LoraChoice(_world.PutLora("purple"))] }
        );

        Assert.NotSame(before.Graph, after.Graph);
        Assert.Equal(Clip.All[0], (await before.Graph.VideoAsync(Red, 1)).Seen());
        var video = await after.Graph.VideoAsync(Red, 1);
        Assert.Equal(ClipColour.Purple, ClipReading.Of(video.Values.Span, Clip.FullSize)!.Colour);
    }

    [Fact]
    public async Task DefaultGivenOrLeftOut_IsOneGraph()
    {
        await using var leftOut = await _world.RentAsync("t2v_one_stage");
        await using var given = await _world.RentAsync(
            "t2v_one_stage",
            new PresetOptions
            {
                Steps = 30,
                Guidance = 7.5,
                Width = 64,
            }
        );

        Assert.Same(leftOut.Graph, given.Graph);
    }

    [Theory]
    [InlineData("t2v_one_stage", """{"steps": 30, "guidance": 4}""", """{"guidance": 4.0, "steps": 30.0}""")]
    [InlineData(
        "ic_lora",
        """{"loras": [{"path": "LORA", "strength": 1}]}""",
        """{"loras": [{"strength": 1.00, "path": "LORA"}]}"""
    )]
    [InlineData("ic_lora", """{"loras": [{"path": "LORA"}]}""", """{"loras": ["LORA"]}""")]
    public async Task SameOptionsWrittenOtherwise_AreOneGraph(string preset, string one, string other)
    {
        // There, 30 and 30.0 were two graphs, and so were nested dictionaries in another order.
        var lora = _world.PutLora("purple");
        await using var first = await _world.RentAsync(preset, Read(one));
        await using var second = await _world.RentAsync(preset, Read(other));

        Assert.Same(first.Graph, second.Graph);

        PresetOptions Read(string text)
        {
            using var json = JsonDocument.Parse(text.Replace("LORA", lora, StringComparison.Ordinal));
            return VideoPresets.Get(preset).ReadOptions(json.RootElement);
        }
    }

    [Fact]
    public async Task ListOfLorasThatItsOwnerChangesLater_ChangesNothing()
    {
        // There, the graph kept the caller's own list, which changed under it and in the key.
        LoraChoice[] mine = [new(_world.PutLora("purple"))];
        var options = new PresetOptions { Loras = [.. mine] };
        await using var before = await _world.RentAsync("ic_lora", options);

        mine[0] = new LoraChoice(_world.PutLora("diamond"));

        await using var after = await _world.RentAsync("ic_lora", options);
        Assert.Same(before.Graph, after.Graph);
        var video = await after.Graph.VideoAsync(Red, 1);
        Assert.Equal(ClipColour.Purple, ClipReading.Of(video.Values.Span, Clip.FullSize)!.Colour);
    }

    [Fact]
    public void OptionsAndGraphs_CanHoldNoObjectOfTheCallers()
    {
        // There, options were any objects, and their text, with an address in it or too little, was the key.
        foreach (var property in typeof(PresetOptions).GetProperties())
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            Assert.True(
                type == typeof(int)
                    || type == typeof(double)
                    || type == typeof(bool)
                    || type == typeof(string)
                    || type == typeof(LoraList),
                $"{property.Name} is of {type}, which a key has to be told of."
            );
        }
        Assert.DoesNotContain(
            typeof(LoraList).GetInterfaces(),
            type => type == typeof(IList<LoraChoice>) || type == typeof(System.Collections.IList)
        );
    }

    [Theory]
    [InlineData("preset_type")]
    [InlineData("text_encoder")]
    [InlineData("upsampler")]
    public void OptionNamedLikeAParameter_IsAnUnknownOptionAndNoCrash(string name)
    {
        using var json = JsonDocument.Parse($$"""{"{{name}}": 1}""");

        var failure = Assert.Throws<DiffusionException>(() =>
            VideoPresets.Get("t2v_one_stage").ReadOptions(json.RootElement)
        );

        Assert.Equal(name, Assert.Single(failure.Faults).Subject);
    }

    [Fact]
    public async Task Keys_AreOfFullLengthAndSayWhatTheyStandFor()
    {
        // There, 32 bits of a digest were kept and nothing to compare a hit with.
        await _world.UseAsync("t2v_one_stage");

        var keys = _world.Graphs.ListGraphs().Select(graph => graph.Key).OrderBy(key => key.Kind).ToList();

        Assert.Equal(["preset-graph", "video-models"], keys.Select(key => key.Kind));
        Assert.All(keys, key => Assert.Equal(64, key.Digest.ToString().Length));
        using var request = JsonDocument.Parse(keys[0].Request);
        Assert.Equal("t2v_one_stage", request.RootElement.GetProperty("preset").GetString());
        Assert.Equal(7.5, request.RootElement.GetProperty("options").GetProperty("guidance").GetDouble());
        Assert.Equal(keys[1].Digest.ToString(), request.RootElement.GetProperty("models").GetString());
    }

    [Fact]
    public async Task EveryOptionInTheKey_IsInTheGraph()
    {
        // There, num_keyframes was in the key and in no node. Here it is what a run may give at most.
        await using var two = await _world.RentAsync("keyframe_interpolation", new PresetOptions { Keyframes = 2 });
        await using var three = await _world.RentAsync("keyframe_interpolation", new PresetOptions { Keyframes = 3 });
        Assert.NotSame(two.Graph, three.Graph);

        Assert.Contains("give 1 to 2", await FailureOf(two.Graph), StringComparison.Ordinal);
        await three.Graph.VideoAsync("", 1, GiveThree);

        static void GiveThree(GraphInputs inputs) =>
            inputs.Set(
                PresetPorts.Keyframes,
                (IReadOnlyList<Keyframe>)
                    [.. new[] { 0, 8, 16 }.Select(frame => PresetRun.KeyframeOf(Clip.All[0], frame))]
            );

        static async Task<string> FailureOf(InferenceGraph graph) =>
            (await Assert.ThrowsAsync<GraphRunException>(() => graph.VideoAsync("", 1, GiveThree))).Message;
    }

    [Fact]
    public async Task WhatMakesNoOtherGraph_MakesNoOtherEntry()
    {
        await using var first = await _world.RentAsync("t2v_one_stage_quantized");
        await using var second = await _world.RentAsync(
            "t2v_one_stage_quantized",
            new PresetOptions { QualityTargetPercent = 90, QuantizationMethod = "int8" }
        );

        Assert.Same(first.Graph, second.Graph);
        Assert.Equal(1, _world.Presets.Count);
    }

    [Theory]
    [InlineData("t2v_two_stages", "num_inference_steps_stage1")]
    [InlineData("t2v_two_stages_quantized", "stage1_steps")]
    [InlineData("t2v_one_stage", "num_infrence_steps")]
    public void MisspeltOption_IsAnErrorAndNoEntry(string preset, string name)
    {
        // There, stages had other names in the quantised variant, and an override could be ignored and still be another entry.
        using var json = JsonDocument.Parse($$"""{"{{name}}": 12}""");

        Assert.Throws<DiffusionException>(() => VideoPresets.Get(preset).ReadOptions(json.RootElement));

        Assert.Equal(0, _world.Presets.Count);
    }

    [Fact]
    public void NameOfAPreset_IsOneEverywhere()
    {
        // There, keyframe and keyframe_interpolation were one preset under two names.
        Assert.All(VideoPresets.All, preset => Assert.Same(preset, VideoPresets.Get(preset.Name)));
        Assert.Throws<DiffusionException>(() => VideoPresets.Get("keyframe"));
    }

    [Fact]
    public async Task GraphThatIsShared_HasNothingThatACallerCouldChange()
    {
        await using var one = await _world.RentAsync("t2v_one_stage_adaptive");
        await using var two = await _world.RentAsync("t2v_one_stage_adaptive");
        Assert.Same(one.Graph, two.Graph);
        var text = one.Graph.ToString();
        var alone = (await one.Graph.VideoAsync(Red, 1)).Values.ToArray();

        // Runs of others leave nothing behind: there, nodes kept histories across requests and threads.
        await Task.WhenAll(Clip.All.Take(8).Select(clip => two.Graph.VideoAsync(clip.Prompt, clip.Index)));

        Assert.Equal(alone, (await one.Graph.VideoAsync(Red, 1)).Values.ToArray());
        Assert.Equal(text, one.Graph.ToString());
        foreach (var type in new[] { one.Graph.GetType() }.Concat(one.Graph.Nodes.Select(node => node.GetType())))
            Assert.DoesNotContain(
                type.GetProperties(BindingFlags.Public | BindingFlags.Instance),
                property => property.SetMethod is { IsPublic: true } set && !IsInit(set)
            );
        Assert.True(one.Graph.Nodes is not ICollection<GraphNode> { IsReadOnly: false });

        static bool IsInit(MethodInfo set) =>
            set.ReturnParameter.GetRequiredCustomModifiers().Any(type => type.Name == "IsExternalInit");
    }

    [Fact]
    public async Task TwoThreads_BuildOnce_WhileOthersClearAndRent()
    {
        // There, nothing was guarded: two threads built one graph twice, and a list failed under their hands.
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}.");
        var names = VideoPresets.All.Where(preset => !preset.IsQuantized).Select(preset => preset.Name).ToArray();

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(worker =>
                    Task.Run(async () =>
                    {
                        var random = new Random(seed + worker);
                        for (var round = 0; round < 40; round++)
                        {
                            if (random.Next(10) == 0)
                                await _world.Presets.ClearAsync(Token);
                            await using var lease = await _world.RentAsync(names[random.Next(names.Length)]);
                            Assert.NotEmpty(lease.Graph.Nodes);
                            Assert.True(lease.Models.HasUpsampler);
                        }
                    })
                )
        );

        await _world.Presets.ClearAsync(Token);
        Assert.Equal((0, 0L), (_world.Presets.Count, _world.Graphs.Statistics.Bytes));
        Assert.False(_world.AnyLeased);
    }

    [Fact]
    public async Task NewLimit_DropsNothing()
    {
        // There, to set the size made a new cache, and all that was in the old one was lost.
        await _world.UseAsync("t2v_one_stage");
        var loads = _world.Loads;

        _world.Options.MaxGraphs = 100;
        _world.Graphs.Reconfigure(_world.Options);

        Assert.True((await _world.UseAsync("t2v_one_stage")).GraphFromCache);
        Assert.Equal((1, loads), (_world.Presets.Count, _world.Loads));
    }

    [Fact]
    public async Task WhatIsDear_IsWhatIsKept()
    {
        // There, a dozen small objects were cached; models, LoRAs and small weights were loaded and made anew.
        var lora = _world.PutLora("diamond");
        var options = new PresetOptions { Loras = [new LoraChoice(lora)] };
        var first = await _world.UseAsync("ic_lora_quantized", options);

        var otherGraph = await _world.UseAsync("ic_lora_quantized", options with { Steps = 7 });

        Assert.Equal(["onnx-lora", "onnx-quantize"], first.Passes.Select(pass => pass.Type));
        Assert.Equal((false, true), (otherGraph.GraphFromCache, otherGraph.ModelsFromCache));
        Assert.Empty(otherGraph.Passes);
        Assert.Equal(TimeSpan.Zero, otherGraph.VariantTime);
        Assert.Equal(3, _world.Loads);
    }

    [Fact]
    public async Task FailedBuild_IsNotStored()
    {
        await Assert.ThrowsAsync<DiffusionException>(() =>
            _world.RentAsync("t2v_one_stage", new PresetOptions { Width = 48 })
        );

        Assert.Equal((0, 0), (_world.Presets.Count, _world.Graphs.ListGraphs().Count));
    }

    [Fact]
    public async Task Counts_TellHitsAndMisses()
    {
        // There were none.
        await _world.UseAsync("t2v_one_stage");
        await _world.UseAsync("t2v_one_stage");
        await _world.UseAsync("t2v_one_stage");

        var counts = _world.Graphs.Statistics;

        Assert.Equal((2, 1), (counts.Hits, counts.Misses));
    }

    [Theory]
    [InlineData("")]
    [InlineData("int")]
    [InlineData("bf16")]
    [InlineData("INT8")]
    public async Task QuantizationMethod_ThatIsOnlyAPartOfAName_IsRefused(string method)
    {
        // There, a method was looked for in the text of another.
        var failure = await Assert.ThrowsAsync<DiffusionException>(() =>
            _world.RentAsync("t2v_one_stage_quantized", new PresetOptions { QuantizationMethod = method })
        );

        Assert.Equal("quantization_method", Assert.Single(failure.Faults).Subject);
    }

    [Fact]
    public async Task QuantizedPreset_RunsOnAPromptAloneAndOnQuantizedWeights()
    {
        // There, the caller had to give models that none gave, and what came of them no node read.
        await using var plain = await _world.RentAsync("t2v_one_stage");
        await using var quantized = await _world.RentAsync("t2v_one_stage_quantized");

        Assert.Equal(
            plain.Graph.Inputs.Select(input => input.Name),
            quantized.Graph.Inputs.Select(input => input.Name)
        );
        var (exact, close) = (await plain.Graph.VideoAsync(Red, 1), await quantized.Graph.VideoAsync(Red, 1));
        Assert.NotEqual(exact.Values.ToArray(), close.Values.ToArray());
        Assert.InRange(ClipComparison.Psnr(close.Values.Span, exact.Values.Span), 40, 80);
    }

    [Theory]
    [InlineData("t2v_one_stage_adaptive")]
    [InlineData("t2v_two_stages_adaptive")]
    public async Task AdaptiveGuidance_DoesItsStepsAndNotRandomNoise(string name)
    {
        await using var lease = await _world.RentAsync(name);

        var one = await lease.Graph.VideoAsync(Red, 1);
        var two = await lease.Graph.VideoAsync(Red, 1);

        Assert.Equal(one.Values.ToArray(), two.Values.ToArray());
        Assert.Equal(Clip.All[0], one.Seen());
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static async Task Until(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(1, Token);
    }
}
