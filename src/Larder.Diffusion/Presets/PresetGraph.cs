using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;
using Larder.Diffusion.Nodes;

namespace Larder.Diffusion.Presets;

/// <summary>Wires the nodes of a preset.</summary>
internal sealed class PresetGraph
{
    private readonly InferenceGraphBuilder _builder;
    private readonly VideoModels _models;
    private readonly TextEncodeNode _encode;

    private PresetGraph(string name, VideoModels models)
    {
        _builder = new InferenceGraphBuilder(name);
        _models = models;
        _encode = _builder.AddNode(new TextEncodeNode("encode", models));
        _builder
            .Connect(_builder.AddInput<string>(PresetPorts.Prompt), _encode.Prompt)
            .Connect(_builder.AddInput(PresetPorts.NegativePrompt, ""), _encode.NegativePrompt);
    }

    public static InferenceGraph Build(Preset preset, PresetPlan plan, VideoModels models)
    {
        var graph = new PresetGraph(preset.Name, models);
        var latents = graph.Denoise(plan);
        graph.Decode(latents, plan.TileSize, preset.HasCleanup);
        return graph._builder.Build();
    }

    private Output<Latents> Denoise(PresetPlan plan)
    {
        var seed = _builder.AddInput(PresetPorts.Seed, PresetPorts.DefaultSeed);
        var noise = _builder.AddNode(new NoiseNode("noise", plan.First.Shape));
        _builder.Connect(seed, noise.Seed).Connect(_builder.AddInput<Latents?>(PresetPorts.Latents, null), noise.Given);
        if (plan.Second is not { } second)
            return Stage("denoise", noise.Latents, plan.First, PresetPorts.Trace, plan.Keyframes);

        var draft = Stage("denoise_stage1", noise.Latents, plan.First, PresetPorts.Trace);
        var upsample = _builder.AddNode(new UpsampleNode("upsample", _models));
        var addNoise = _builder.AddNode(new AddNoiseNode("noise_stage2", second.Schedule));
        _builder
            .Connect(draft, upsample.Latents)
            .Connect(upsample.Upsampled, addNoise.Clean)
            .Connect(seed, addNoise.Seed);
        return Stage("denoise_stage2", addNoise.Latents, second, PresetPorts.Stage2Trace);
    }

    private Output<Latents> Stage(
        string name,
        Output<Latents> latents,
        StagePlan stage,
        string trace,
        int? keyframes = null
    )
    {
        DenoiserNode node;
        if (stage.Adaptive is null)
        {
            node = _builder.AddNode(new DenoiseNode(name, _models, stage.Schedule, stage.Guidance));
        }
        else
        {
            var adaptive = _builder.AddNode(new AdaptiveDenoiseNode(name, _models, stage.Schedule, stage.Adaptive));
            _builder.AddOutput(trace, adaptive.Trace);
            node = adaptive;
        }
        _builder
            .Connect(latents, node.Latents)
            .Connect(_encode.Conditional, node.Conditional)
            .Connect(_encode.Unconditional, node.Unconditional);
        if (keyframes is { } most)
        {
            var condition = _builder.AddNode(new ImageConditionNode("condition", _models, stage.Shape, most));
            _builder
                .Connect(_builder.AddInput<IReadOnlyList<Keyframe>>(PresetPorts.Keyframes), condition.Keyframes)
                .Connect(condition.Guide, node.Guide);
        }
        return node.Denoised;
    }

    private void Decode(Output<Latents> latents, int tileSize, bool hasCleanup)
    {
        var decode = _builder.AddNode(new DecodeNode("decode", _models, tileSize));
        _builder.Connect(latents, decode.Latents);
        _builder.AddOutput(PresetPorts.Video, decode.Video);
        if (!hasCleanup)
            return;
        var cleanup = _builder.AddNode(new CleanupNode("cleanup"));
        _builder.Connect(decode.Video, cleanup.Video);
        _builder.AddOutput(PresetPorts.BytesFreed, cleanup.BytesFreed);
    }
}
