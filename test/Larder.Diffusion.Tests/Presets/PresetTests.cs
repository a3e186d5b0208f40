using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;
using Larder.Diffusion.Nodes;
using Larder.Diffusion.Presets;
using Larder.Diffusion.Tests.Models;
using ModelGenerator.Video;

namespace Larder.Diffusion.Tests.Presets;

/// <summary>What options and inputs do, told by the pictures.</summary>
public sealed class PresetTests(SampleModels models)
{
    private const int Half = Clip.HalfSize;
    private const string Prompt = "a red square moving right";

    // Small and quick, and with enough noise for guidance to matter.
    private static readonly PresetOptions Small = new()
    {
        Width = Half,
        Height = Half,
        Schedule = "distilled",
        Guidance = 4,
    };

    private static Preset OneStage => VideoPresets.Get("t2v_one_stage");

    [Fact]
    public async Task Run_SameSeed_GivesTheSameBytes_AndAnotherSeedOthers()
    {
        var graph = VideoPresets.Get("t2v_two_stages").Build(models.Plain);

        var first = await graph.VideoAsync(Prompt, seed: 3);
        var again = await graph.VideoAsync(Prompt, seed: 3);
        var other = await graph.VideoAsync(Prompt, seed: 4);

        Assert.Equal(first.Values.ToArray(), again.Values.ToArray());
        Assert.NotEqual(first.ToRgb(8), other.ToRgb(8));
    }

    [Fact]
    public async Task Run_ManyAtOnce_EachIsAsAlone()
    {
        var graph = VideoPresets.Get("t2v_two_stages_adaptive").Build(models.Plain);
        var clips = Clip.All.Where(clip => clip.Index % 6 == 0).ToArray();
        var alone = new List<float[]>();
        foreach (var clip in clips)
            alone.Add((await graph.VideoAsync(clip.Prompt, clip.Index)).Values.ToArray());

        var together = await Task.WhenAll(clips.Select(clip => graph.VideoAsync(clip.Prompt, clip.Index)));

        Assert.Equal(alone, together.Select(video => video.Values.ToArray()));
    }

    [Fact]
    public async Task Guidance_PutsThePromptThrough()
    {
        var (with, without) = (0, 0);
        var guided = OneStage.Build(models.Plain, Small);
        var unguided = OneStage.Build(models.Plain, Small with { Guidance = 1 });
        foreach (var clip in Clip.All)
            for (var seed = 0; seed < 3; seed++)
            {
                with += (await guided.VideoAsync(clip.Prompt, 3 * clip.Index + seed)).Seen() == clip ? 1 : 0;
                without += (await unguided.VideoAsync(clip.Prompt, 3 * clip.Index + seed)).Seen() == clip ? 1 : 0;
            }

        Log($"{with} of 144 with guidance, {without} without");
        Assert.Equal(144, with);
        Assert.InRange(without, 144 * 0.62, 144 * 0.92);
    }

    [Fact]
    public async Task Guidance_One_IsNoGuidance()
    {
        var graph = OneStage.Build(models.Plain, Small with { Guidance = 1 });
        var nearly = OneStage.Build(models.Plain, Small with { Guidance = 1.000001 });

        var alone = await graph.VideoAsync(Prompt, 5);
        var negative = await graph.VideoAsync(Prompt, 5, inputs => inputs.Set(PresetPorts.NegativePrompt, "square"));
        var computed = await nearly.VideoAsync(Prompt, 5);

        Assert.Equal(alone.Values.ToArray(), negative.Values.ToArray());
        Assert.InRange(ClipComparison.RelativeDistance(computed.Values.Span, alone.Values.Span), 0, 1e-4);
    }

    [Fact]
    public async Task NegativePrompt_LeadsAwayFromIt()
    {
        var graph = OneStage.Build(models.Plain, Small);
        var (reds, without) = (0, 0);
        for (var seed = 0; seed < 60; seed++)
        {
            var video = await graph.VideoAsync(
                "square moving right",
                seed,
                inputs => inputs.Set(PresetPorts.NegativePrompt, "red")
            );
            reds += video.Seen()?.Colour == ClipColour.Red ? 1 : 0;
            without += (await graph.VideoAsync("square moving right", seed)).Seen()?.Colour == ClipColour.Red ? 1 : 0;
        }

        Log($"{reds} of 60 red with the negative prompt, {without} without");
        Assert.InRange(reds, 0, 2);
        Assert.InRange(without, 8, 34);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing that it knows")]
    public async Task Prompt_WithoutAKnownWord_GivesAnyClip(string prompt)
    {
        var graph = OneStage.Build(models.Plain, Small);
        var seen = new HashSet<Clip?>();
        for (var seed = 0; seed < 30; seed++)
            seen.Add((await graph.VideoAsync(prompt, seed)).Seen());

        Assert.DoesNotContain(null, seen);
        Assert.InRange(seen.Count, 12, 30);
    }

    [Theory]
    [InlineData(1, 5, 25)]
    [InlineData(2, 5, 25)]
    [InlineData(4, 30.3, 40)]
    [InlineData(8, 30.3, 40)]
    [InlineData(30, 30.3, 40)]
    public async Task Steps_OneAndTwoAreTooFew_FourAreEnough(int steps, double least, double most)
    {
        var graph = OneStage.Build(models.Plain, new PresetOptions { Steps = steps, Guidance = 4 });
        foreach (var clip in Clip.All.Where(clip => clip.Index % 7 == 0))
            Assert.InRange((await graph.VideoAsync(clip.Prompt, clip.Index)).Psnr(clip), least, most);
    }

    [Fact]
    public async Task TwoStages_RefineWhatWasUpsampled()
    {
        var refine = VideoPresets
            .Get("t2v_two_stages")
            .Build(
                models.Plain,
                new PresetOptions
                {
                    Schedule = "distilled",
                    Guidance = 4,
                    Stage2Schedule = "distilled_stage2",
                    Stage2Guidance = 1,
                }
            );
        var draft = Draft();
        var gains = new List<double>();
        foreach (var clip in Clip.All)
        {
            var refined = await refine.VideoAsync(clip.Prompt, clip.Index);
            var upsampled = await draft.VideoAsync(clip.Prompt, clip.Index);

            Assert.Equal(clip, refined.Seen());
            Assert.InRange(refined.Psnr(clip), 30.5, 40);
            gains.Add(refined.Psnr(clip) - upsampled.Psnr(clip));
        }
        Log($"above the draft: {gains.Average():F2} dB, at least {gains.Min():F2}");
        Assert.InRange(gains.Min(), 3, 6);
    }

    [Fact]
    public async Task TwoStages_SecondOneKeepsTheFirstOnesClip()
    {
        // No prompt: only what was upsampled can tell the second stage what to refine.
        var draft = Draft();
        var refine = VideoPresets
            .Get("t2v_two_stages")
            .Build(
                models.Plain,
                new PresetOptions
                {
                    Schedule = "distilled",
                    Guidance = 4,
                    Stage2Schedule = "distilled_stage2",
                }
            );
        for (var seed = 0; seed < 20; seed++)
            Assert.Equal((await draft.VideoAsync("", seed)).Seen(), (await refine.VideoAsync("", seed)).Seen());
    }

    [Fact]
    public async Task Quantized_IsCloseToPlain()
    {
        var plain = OneStage.Build(models.Plain);
        var quantized = VideoPresets.Get("t2v_one_stage_quantized").Build(models.Quantized);
        var psnr = new List<double>();
        foreach (var clip in Clip.All.Where(clip => clip.Index % 7 == 0))
        {
            var exact = await plain.VideoAsync(clip.Prompt, clip.Index);
            var close = await quantized.VideoAsync(clip.Prompt, clip.Index);
            psnr.Add(ClipComparison.Psnr(close.Values.Span, exact.Values.Span));
        }
        Log($"{psnr.Average():F1} dB, at least {psnr.Min():F1}");
        Assert.InRange(psnr.Min(), 40, 80);
        Assert.InRange(models.Quantized.SizeBytes, 1, models.Plain.SizeBytes - 150_000);
    }

    [Fact]
    public async Task Loras_DenoiserThatWasChanged_IsTheOneThatRuns()
    {
        LoraList loras = [new("purple.safetensors")];
        var graph = VideoPresets.Get("ic_lora").Build(models.Purple, new PresetOptions { Loras = loras });

        var red = ClipReading.Of((await graph.VideoAsync(Prompt, 1)).Values.Span, Clip.FullSize)!;
        var green = await graph.VideoAsync("a green circle moving up", 1);

        Assert.Equal(ClipColour.Purple, red.Colour);
        Assert.Equal(new Clip(ClipColour.Green, ClipShape.Circle, ClipDirection.Up), green.Seen());
    }

    [Fact]
    public async Task Adaptive_SavesWorkAtLittleError()
    {
        var full = VideoPresets
            .Get("t2v_one_stage_adaptive")
            .Build(models.Plain, new PresetOptions { EarlyExit = false, DropUnconditional = false });
        var adaptive = VideoPresets.Get("t2v_one_stage_adaptive").Build(models.Plain);
        foreach (var clip in Clip.All.Where(clip => clip.Index % 7 == 0))
        {
            using var exact = await full.ResultAsync(clip.Prompt, clip.Index);
            using var result = await adaptive.ResultAsync(clip.Prompt, clip.Index);

            var all = (GuidanceTrace)exact[PresetPorts.Trace]!;
            var trace = (GuidanceTrace)result[PresetPorts.Trace]!;
            var (expected, actual) = ((Video)exact[PresetPorts.Video]!, (Video)result[PresetPorts.Video]!);
            var error = ClipComparison.RelativeDistance(actual.Values.Span, expected.Values.Span);
            Log($"{trace.Steps.Count} steps, {trace.Evaluations} evaluations, error {error:F4}");
            Assert.Equal((30, 60), (all.Steps.Count, all.Evaluations));
            Assert.True(trace.IsStoppedEarly);
            Assert.Equal(15, trace.Steps.Count);
            Assert.InRange(trace.Evaluations, 15, 24);
            Assert.InRange(error, 0, 0.06);
            Assert.Equal(clip, actual.Seen());
        }
    }

    [Fact]
    public async Task Adaptive_Trace_SaysWhatWasDone()
    {
        var graph = VideoPresets.Get("t2v_one_stage_adaptive").Build(models.Plain, new PresetOptions { MinSteps = 4 });
        using var result = await graph.ResultAsync(Prompt, 1);

        var trace = (GuidanceTrace)result[PresetPorts.Trace]!;

        Assert.Equal(1, trace.Steps[0].Sigma);
        Assert.Equal(7.5 * 1.3, trace.Steps[0].Guidance!.Value, tolerance: 0.05);
        Assert.Null(trace.Steps[0].Change);
        var dropped = trace.Steps.Skip(2).SkipWhile(step => step.Guidance is not null).ToArray();
        Assert.NotEmpty(dropped);
        Assert.All(dropped, step => Assert.Equal((null, null), (step.Guidance, step.Difference)));
        Assert.True(trace.IsStoppedEarly);
        Assert.All(trace.Steps.TakeLast(2), step => Assert.InRange(step.Change!.Value, 0, 0.01));
    }

    [Fact]
    public async Task Adaptive_SecondStage_IsGuidedByHalf_UnlessToldOtherwise()
    {
        var preset = VideoPresets.Get("t2v_two_stages_adaptive");
        foreach (
            var (options, expected) in new[]
            {
                (new PresetOptions(), 3.75),
                (new PresetOptions { Guidance = 5 }, 2.5),
                (new PresetOptions { Guidance = 5, Stage2Guidance = 6 }, 6),
            }
        )
        {
            using var result = await preset.Build(models.Plain, options).ResultAsync(Prompt, 1);

            var first = ((GuidanceTrace)result[PresetPorts.Stage2Trace]!).Steps[0];
            Assert.Equal(0.909375, first.Sigma);
            Assert.Equal(expected * AdaptiveGuidance.Scale(first.Sigma), first.Guidance!.Value, tolerance: 1e-9);
        }
    }

    [Fact]
    public async Task Keyframe_First_IsKept_AndThePromptMovesIt()
    {
        var graph = VideoPresets
            .Get("keyframe_interpolation")
            .Build(models.Plain, new PresetOptions { Schedule = "distilled" });
        foreach (var clip in Clip.All.Where(clip => clip.Direction != ClipDirection.Right))
        {
            // Its first picture is that of all directions, so only the prompt tells where it goes.
            var frame = PresetRun.KeyframeOf(clip with { Direction = ClipDirection.Right }, 0);

            var video = await graph.VideoAsync(
                $"moving {clip.Direction}",
                clip.Index,
                inputs => inputs.Set(PresetPorts.Keyframes, (IReadOnlyList<Keyframe>)[frame])
            );

            Assert.Equal(clip, video.Seen());
            Assert.InRange(ClipComparison.Psnr(First(video), frame.Pixels.Span), 32, 50);
        }
    }

    [Fact]
    public async Task Keyframe_Strength_DecidesBetweenPictureAndWords()
    {
        var graph = VideoPresets
            .Get("keyframe_interpolation")
            .Build(models.Plain, new PresetOptions { Schedule = "distilled", Guidance = 4 });
        var (shown, asked) = (Clip.All[0], Clip.All[^1]);

        Assert.Equal(shown.Colour, (await Held(1)).Seen()?.Colour);
        Assert.Equal(shown.Colour, (await Held(0.5)).Seen()?.Colour);
        Assert.Equal(asked, (await Held(0)).Seen());

        Task<Video> Held(double strength) =>
            graph.VideoAsync(
                asked.Prompt,
                2,
                inputs =>
                    inputs.Set(
                        PresetPorts.Keyframes,
                        (IReadOnlyList<Keyframe>)[PresetRun.KeyframeOf(shown, 0, strength)]
                    )
            );
    }

    [Fact]
    public async Task Keyframe_LessStrength_IsFurtherFromThePicture()
    {
        var graph = VideoPresets
            .Get("keyframe_interpolation")
            .Build(models.Plain, new PresetOptions { Schedule = "distilled" });
        foreach (var clip in Clip.All.Where(clip => clip.Index % 12 == 5))
        {
            // Darker than any clip is, so that the models draw away from it where they may.
            var frame = PresetRun.KeyframeOf(clip, 0);
            frame = frame with { Pixels = frame.Pixels.ToArray().Select(light => 0.5f * light - 0.5f).ToArray() };
            List<double> psnr = [];
            foreach (var strength in new[] { 1, 0.9, 0.75, 0.5, 0 })
            {
                var video = await graph.VideoAsync(
                    clip.Prompt,
                    clip.Index,
                    inputs =>
                        inputs.Set(PresetPorts.Keyframes, (IReadOnlyList<Keyframe>)[frame with { Strength = strength }])
                );
                psnr.Add(ClipComparison.Psnr(First(video), frame.Pixels.Span));
            }
            Log(string.Join(", ", psnr.Select(value => FormattableString.Invariant($"{value:F1}"))));
            Assert.Equal(psnr.OrderDescending(), psnr);
            Assert.InRange(psnr[0] - psnr[^1], 6, 60);
        }
    }

    [Theory]
    [InlineData("t2v_two_stages_adaptive")]
    [InlineData("distilled_fast_adaptive")]
    [InlineData("ic_lora_adaptive")]
    public async Task Adaptive_EveryPreset_SavesWorkAtLittleError(string name)
    {
        var full = VideoPresets
            .Get(name)
            .Build(models.Plain, new PresetOptions { EarlyExit = false, DropUnconditional = false });
        var adaptive = VideoPresets.Get(name).Build(models.Plain);
        var (saved, planned) = (0, 0);
        foreach (var clip in Clip.All.Where(clip => clip.Index % 7 == 0))
        {
            using var exact = await full.ResultAsync(clip.Prompt, clip.Index);
            using var result = await adaptive.ResultAsync(clip.Prompt, clip.Index);

            foreach (var port in adaptive.Outputs.Where(output => output.Type == typeof(GuidanceTrace)))
            {
                var (all, trace) = ((GuidanceTrace)exact[port.Name]!, (GuidanceTrace)result[port.Name]!);
                Assert.Equal(all.PlannedEvaluations, all.Evaluations);
                Assert.InRange(trace.Evaluations, 1, all.Evaluations - 1);
                planned += all.Evaluations;
                saved += all.Evaluations - trace.Evaluations;
            }
            var (expected, actual) = ((Video)exact[PresetPorts.Video]!, (Video)result[PresetPorts.Video]!);
            var error = ClipComparison.RelativeDistance(actual.Values.Span, expected.Values.Span);
            Log($"error {error:F4}");
            Assert.InRange(error, 0, 0.06);
            Assert.Equal(clip, actual.Seen());
        }
        Log($"{saved} of {planned} evaluations saved");
        Assert.InRange(saved / (double)planned, 0.2, 0.9);
    }

    [Fact]
    public async Task Keyframes_WithoutAPrompt_LeadToTheirClip()
    {
        var graph = VideoPresets.Get("keyframe_interpolation").Build(models.Plain);
        foreach (var clip in Clip.All.Where(clip => clip.Index % 5 == 0))
        {
            var video = await graph.VideoAsync(
                "",
                clip.Index,
                inputs =>
                    inputs.Set(
                        PresetPorts.Keyframes,
                        (IReadOnlyList<Keyframe>)[PresetRun.KeyframeOf(clip, 0), PresetRun.KeyframeOf(clip, 16)]
                    )
            );

            Assert.Equal(clip, video.Seen());
        }
    }

    [Fact]
    public async Task Latents_Given_TakeThePlaceOfTheSeed()
    {
        var graph = OneStage.Build(models.Plain, Small);
        var noise = new float[models.Plain.Facts.Half!.Value.Length];
        new GaussianNoise(9, stage: 0).Fill(noise);
        var latents = new Latents(models.Plain.Facts.Half.Value, noise);

        var bySeed = await graph.VideoAsync(Prompt, 9);
        var given = await graph.VideoAsync(Prompt, 1, inputs => inputs.Set(PresetPorts.Latents, latents));

        Assert.Equal(bySeed.Values.ToArray(), given.Values.ToArray());
    }

    [Fact]
    public async Task Latents_OfAnotherSize_AreRefused()
    {
        var latents = new Latents(new LatentShape(42, 5, 8, 8), new float[42 * 320]);

        var failure = await Assert.ThrowsAsync<GraphRunException>(() =>
            OneStage
                .Build(models.Plain, Small)
                .VideoAsync(Prompt, 1, inputs => inputs.Set(PresetPorts.Latents, latents))
        );

        Assert.Equal("noise", failure.Node);
        Assert.Contains("noise.given: They are 42×5×8×8; it takes 42×5×4×4", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Latents_WithoutANumber_AreRefused()
    {
        var values = new float[42 * 80];
        values[7] = float.NaN;
        var latents = new Latents(new LatentShape(42, 5, 4, 4), values);

        var failure = await Assert.ThrowsAsync<GraphRunException>(() =>
            OneStage
                .Build(models.Plain, Small)
                .VideoAsync(Prompt, 1, inputs => inputs.Set(PresetPorts.Latents, latents))
        );

        Assert.Contains("Number 7 is NaN", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("denoise_stage1", 3)]
    [InlineData("denoise_stage2", 1)]
    public async Task Cancelled_InTheMiddle_EndsAfterThatStep(string node, int step)
    {
        using var cancellation = new CancellationTokenSource();
        var told = new StepListener(node, step, cancellation);
        var graph = VideoPresets.Get("t2v_two_stages").Build(models.Plain);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            graph.RunAsync(
                new GraphInputs().Set(PresetPorts.Prompt, Prompt),
                new GraphRunOptions { Progress = told },
                cancellation.Token
            )
        );

        Assert.Equal(Enumerable.Range(1, step), told.Steps);
        Assert.Equal(Clip.All[0], (await graph.VideoAsync(Prompt, 1)).Seen());
    }

    [Fact]
    public async Task TileSize_SmallerThanThePicture_GivesTheSamePictures()
    {
        var whole = await OneStage.Build(models.Plain).VideoAsync(Prompt, 1);
        foreach (var tile in new[] { 16, 24, 32, 40, 56 })
        {
            var tiled = await OneStage.Build(models.Plain, new PresetOptions { TileSize = tile }).VideoAsync(Prompt, 1);

            var furthest = whole.Values.ToArray().Zip(tiled.Values.ToArray(), (a, b) => Math.Abs(a - b)).Max();
            Assert.InRange(furthest, 0, 1e-5);
        }
    }

    [Fact]
    public async Task Prompt_Null_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<GraphRunException>(() =>
            OneStage.Build(models.Plain, Small).VideoAsync(null!, 1)
        );

        Assert.Contains("prompt: It is null", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_OfTooManyWords_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<GraphRunException>(() =>
            OneStage.Build(models.Plain, Small).VideoAsync(string.Join(' ', Enumerable.Repeat("red", 1025)), 1)
        );

        Assert.Contains("It has 1025 words", failure.Message, StringComparison.Ordinal);
    }

    // The first stage, upsampled and decoded without being refined.
    private InferenceGraph Draft()
    {
        var half = models.Plain.Facts.Half!.Value;
        var builder = new InferenceGraphBuilder("draft");
        var encode = builder.AddNode(new TextEncodeNode("encode", models.Plain));
        var noise = builder.AddNode(new NoiseNode("noise", half));
        var schedule = Larder.Diffusion.Scheduling.Schedules.Create("distilled");
        var denoise = builder.AddNode(new DenoiseNode("denoise", models.Plain, schedule, 4));
        var upsample = builder.AddNode(new UpsampleNode("upsample", models.Plain));
        var decode = builder.AddNode(new DecodeNode("decode", models.Plain));
        builder
            .Connect(builder.AddInput<string>(PresetPorts.Prompt), encode.Prompt)
            .Connect(builder.AddInput<long>(PresetPorts.Seed), noise.Seed)
            .Connect(noise.Latents, denoise.Latents)
            .Connect(encode.Conditional, denoise.Conditional)
            .Connect(encode.Unconditional, denoise.Unconditional)
            .Connect(denoise.Denoised, upsample.Latents)
            .Connect(upsample.Upsampled, decode.Latents);
        builder.AddOutput(PresetPorts.Video, decode.Video);
        return builder.Build();
    }

    private static float[] First(Video video)
    {
        var pixels = video.Width * video.Height;
        return
        [
            .. Enumerable
                .Range(0, Video.Planes)
                .SelectMany(plane => video.Values.Slice(plane * video.Frames * pixels, pixels).ToArray()),
        ];
    }

    private static void Log(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private sealed class StepListener(string node, int last, CancellationTokenSource cancellation)
        : IProgress<GraphProgress>
    {
        public List<int> Steps { get; } = [];

        public void Report(GraphProgress value)
        {
            if (value.Node != node || value.State != NodeState.Stepped)
                return;
            Steps.Add(value.Step);
            if (value.Step == last)
                cancellation.Cancel();
        }
    }
}
