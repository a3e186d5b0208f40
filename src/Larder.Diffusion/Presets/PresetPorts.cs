namespace Larder.Diffusion.Presets;

/// <summary>The names of what the graphs of presets are given, and of what comes of a run.</summary>
public static class PresetPorts
{
    /// <summary>Input, <see cref="string"/>: what is to be seen; an empty one asks for nothing in particular.</summary>
    public const string Prompt = "prompt";

    /// <summary>Input, <see cref="string"/>: what is not to be seen; empty. Of no effect without guidance.</summary>
    public const string NegativePrompt = "negative_prompt";

    /// <summary>Input, <see cref="long"/>: the seed of the noise; <see cref="DefaultSeed"/>.</summary>
    public const string Seed = "seed";

    /// <summary>Input, <see cref="Models.Latents"/>: what to begin with in place of noise by the seed; null.</summary>
    public const string Latents = "latents";

    /// <summary>Input where a preset takes keyframes, a list of <see cref="Nodes.Keyframe"/>: at least one.</summary>
    public const string Keyframes = "keyframes";

    /// <summary>Output, <see cref="Models.Video"/>: the clip.</summary>
    public const string Video = "video";

    /// <summary>Output where there is a cleanup, <see cref="long"/>: the bytes that the run had made and has freed.</summary>
    public const string BytesFreed = "bytes_freed";

    /// <summary>Output of adaptive presets, <see cref="Nodes.GuidanceTrace"/>: what guidance did in the first stage.</summary>
    public const string Trace = "trace";

    /// <summary>Output of adaptive presets of two stages, <see cref="Nodes.GuidanceTrace"/>: what it did in the second.</summary>
    public const string Stage2Trace = "stage2_trace";

    /// <summary>The seed where none is given.</summary>
    public const long DefaultSeed = 10;
}
