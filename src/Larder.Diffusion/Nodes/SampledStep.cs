namespace Larder.Diffusion.Nodes;

/// <summary>One step of a sampler.</summary>
internal readonly ref struct SampledStep
{
    /// <summary>Which; the first is 0.</summary>
    public required int Step { get; init; }

    /// <summary>The level of noise that it began at.</summary>
    public required double Sigma { get; init; }

    /// <summary>The guidance; null if there was none.</summary>
    public required double? Guidance { get; init; }

    /// <summary>What the denoiser takes for the clip with the prompt.</summary>
    public required ReadOnlySpan<float> Conditional { get; init; }

    /// <summary>What it takes for the clip without; empty if it was not asked.</summary>
    public required ReadOnlySpan<float> Unconditional { get; init; }

    /// <summary>What is taken for the clip.</summary>
    public required ReadOnlySpan<float> Denoised { get; init; }
}
