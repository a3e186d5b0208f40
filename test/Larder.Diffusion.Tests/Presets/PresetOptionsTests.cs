using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Diffusion.Models;
using Larder.Diffusion.Presets;
using Larder.Diffusion.Tests.Models;
using Larder.TestKit;

namespace Larder.Diffusion.Tests.Presets;

/// <summary>Options that make no sense, and models that do not do.</summary>
public sealed class PresetOptionsTests(SampleModels models)
{
    [Fact]
    public void Build_ManyFaults_AreToldTogether()
    {
        var failure = Fails(
            "t2v_one_stage",
            new PresetOptions
            {
                Steps = 0,
                Guidance = 21,
                Schedule = "euler",
                Stage2Steps = 3,
                Keyframes = 2,
                Frames = 16,
                Width = 60,
                TileSize = 12,
            }
        );

        Assert.Equal(
            ["frames", "guidance", "keyframes", "schedule", "stage2_steps", "steps", "tile_size", "width"],
            failure.Faults.Select(fault => fault.Subject).Order(StringComparer.Ordinal)
        );
        Assert.Contains("steps: It is 0; it can be 1 to 1000.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("stage2_steps: The preset has no such option.", failure.Message, StringComparison.Ordinal);
        Assert.Contains(
            "frames: It is 16: a clip has a multiple of 4 pictures and one more, such as 13 or 17.",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "width: It is 60: it is a multiple of 8 pixels, such as 56 or 64.",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        "t2v_two_stages",
        """{"width": 56}""",
        "width: It is 56: for two stages it is a multiple of 16 pixels, such as 48 or 64."
    )]
    [InlineData(
        "t2v_two_stages",
        """{"width": 32, "height": 32}""",
        "the models make pictures of 64 by 64 pixels here"
    )]
    [InlineData(
        "t2v_one_stage",
        """{"width": 32}""",
        "With a height of 64 it is 32: the models make pictures of 64 by 64 or 32 by 32 pixels"
    )]
    [InlineData("t2v_one_stage", """{"frames": 13}""", "frames: It is 13: the denoiser makes clips of 17 pictures")]
    [InlineData(
        "t2v_one_stage",
        """{"schedule": "distilled", "steps": 9}""",
        "steps: This schedule has 8 steps and not 9"
    )]
    [InlineData(
        "t2v_two_stages",
        """{"stage2_schedule": "distilled_stage2", "stage2_steps": 9}""",
        "stage2_steps: This schedule has 3 steps and not 9"
    )]
    [InlineData(
        "t2v_one_stage_adaptive",
        """{"steps": 10}""",
        "steps: There are 10, and min_steps is 15: give at least as many, or lower min_steps."
    )]
    [InlineData(
        "t2v_two_stages_adaptive",
        """{"stage2_steps": 5}""",
        "stage2_steps: There are 5, and stage2_min_steps is 6"
    )]
    [InlineData("t2v_one_stage_adaptive", """{"guidance": 1}""", "guidance: It is 1; it can be 2 to 15.")]
    [InlineData("t2v_one_stage_adaptive", """{"tolerance": 0}""", "tolerance: It is 0; it can be above 0")]
    [InlineData(
        "keyframe_interpolation",
        """{"keyframes": 6}""",
        "keyframes: It is 6: the models have 5 tokens in time"
    )]
    [InlineData(
        "ic_lora",
        """{"loras": ["a", {"path": "b", "strength": 11}]}""",
        "loras: It is a × 1, b × 11; it can be paths"
    )]
    public void Build_OptionThatCannotBe_SaysWhy(string preset, string options, string message) =>
        Assert.Contains(message, Fails(preset, Read(preset, options)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("t2v_one_stage", """{"stpes": 4}""", "stpes: The preset has no such option. Did you mean 'steps'?")]
    [InlineData("t2v_two_stages_quantized", """{"stage2_step": 20}""", "Did you mean 'stage2_steps'?")]
    [InlineData("t2v_one_stage", """{"loras": []}""", "loras: The preset has no such option.")]
    [InlineData("t2v_one_stage", """{"steps": "4"}""", "steps: It is '4'; it can be 1 to 1000.")]
    [InlineData("t2v_one_stage", """{"steps": 4.5}""", "steps: It is 4.5; it can be 1 to 1000.")]
    [InlineData("t2v_one_stage_adaptive", """{"early_exit": 1}""", "early_exit: It is 1; it can be true or false.")]
    [InlineData("ic_lora", """{"loras": [{"path": "a", "strenght": 1}]}""", "loras: It is [{")]
    [InlineData("ic_lora", """{"loras": [{"strength": 1}]}""", "loras: It is [{")]
    [InlineData("t2v_one_stage", """[]""", "options: They are no object")]
    public void ReadOptions_WhatItDoesNotKnow_IsRefused(string preset, string options, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<DiffusionException>(() => Read(preset, options)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void ReadOptions_AllOfAPreset_AreRead()
    {
        var options = Read(
            "t2v_two_stages_adaptive",
            """
            {
              "steps": 12, "guidance": 5, "schedule": "ltx", "min_steps": 3, "stage2_steps": 7, "stage2_guidance": 2.5,
              "stage2_schedule": "ltx", "stage2_min_steps": 2, "timestep_scaling": false, "early_exit": false,
              "tolerance": 0.5, "drop_unconditional": false, "frames": 17, "width": 64, "height": 64, "tile_size": 32
            }
            """
        );

        Assert.Equal(
            new PresetOptions
            {
                Steps = 12,
                Guidance = 5,
                Schedule = "ltx",
                MinSteps = 3,
                Stage2Steps = 7,
                Stage2Guidance = 2.5,
                Stage2Schedule = "ltx",
                Stage2MinSteps = 2,
                TimestepScaling = false,
                EarlyExit = false,
                Tolerance = 0.5,
                DropUnconditional = false,
                Frames = 17,
                Width = 64,
                Height = 64,
                TileSize = 32,
            },
            options
        );
        Assert.NotNull(VideoPresets.Get("t2v_two_stages_adaptive").Build(models.Plain, options));
    }

    [Fact]
    public void Options_OfTheSameLoras_AreEqual()
    {
        var first = Read("ic_lora", """{"loras": ["a", {"path": "b", "strength": 0.5}]}""");
        var same = new PresetOptions { Loras = [new("a"), new("b", 0.5)] };
        var turned = new PresetOptions { Loras = [new("b", 0.5), new("a")] };

        Assert.Equal(same, first);
        Assert.Equal(same.GetHashCode(), first.GetHashCode());
        Assert.NotEqual(turned, first);
    }

    [Fact]
    public void Needs_TellWhatTheDenoiserMustBe()
    {
        var quantized = VideoPresets
            .Get("ic_lora_quantized")
            .Needs(new PresetOptions { Loras = [new("a", 0), new("b", 0.5)] });
        var plain = VideoPresets.Get("ic_lora").Needs(new PresetOptions { Loras = [new("a", 0)] });

        Assert.Equal(
            new PresetNeeds { Quantization = new QuantizationNeed("int8", 95), Loras = [new("b", 0.5)] },
            quantized
        );
        Assert.False(plain.IsDenoiserChanged);
        Assert.True(VideoPresets.Get("t2v_two_stages").Needs().Upsampler);
        Assert.Throws<DiffusionException>(() =>
            VideoPresets.Get("t2v_one_stage").Needs(new PresetOptions { Steps = 0 })
        );
    }

    [Theory]
    [InlineData("t2v_one_stage_quantized", "{}", "of weights of int8")]
    [InlineData("ic_lora", """{"loras": ["a.safetensors"]}""", "with LoRAs in its weights (a.safetensors × 1)")]
    public void Build_DenoiserOfTheDirectory_WhereAnotherIsNeeded_IsRefused(
        string preset,
        string options,
        string message
    ) => Assert.Contains(message, Fails(preset, Read(preset, options)).Message, StringComparison.Ordinal);

    [Fact]
    public void Build_TwoStagesWithoutUpsampler_AreRefused()
    {
        using var directory = new TempDirectory();
        foreach (var file in Directory.GetFiles(SampleModels.Directory))
            File.Copy(file, directory[Path.GetFileName(file)]);
        var json = JsonNode.Parse(File.ReadAllText(directory["model.json"]))!.AsObject();
        json["files"]!.AsObject().Remove("latent_upsampler");
        json["latents"]!.AsObject().Remove("half");
        File.WriteAllText(directory["model.json"], json.ToJsonString());
        using var without = VideoModels.Load(directory.Path);

        var failure = Assert.Throws<DiffusionException>(() => VideoPresets.Get("t2v_two_stages").Build(without));

        Assert.Contains("They have no upsampler, which two stages need", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(VideoPresets.Get("t2v_one_stage").Build(without));
    }

    [Fact]
    public void Options_OfAllPresets_HaveOneNameForOneThing()
    {
        var names = VideoPresets.All.SelectMany(preset => preset.Options.Select(option => option.Name)).ToHashSet();
        var members = typeof(PresetOptions)
            .GetProperties()
            .Select(member => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name));

        Assert.Equal(members.Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    private static PresetOptions Read(string preset, string json)
    {
        using var document = JsonDocument.Parse(json);
        return VideoPresets.Get(preset).ReadOptions(document.RootElement);
    }

    private DiffusionException Fails(string preset, PresetOptions options) =>
        Assert.Throws<DiffusionException>(() => VideoPresets.Get(preset).Build(models.Plain, options));
}
