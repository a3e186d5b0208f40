namespace Larder.Diffusion.Nodes;

/// <summary>What a sampler asks before and after each step of a run.</summary>
internal interface IGuidance
{
    /// <summary>How far to go from the clip without the prompt to that with it; null if only the latter is needed.</summary>
    double? At(int step, double sigma);

    /// <summary>Told of a step that was computed.</summary>
    /// <param name="step">What was computed.</param>
    /// <returns>Whether it is enough: then what the step takes for the clip is the result.</returns>
    bool IsEnough(in SampledStep step);
}
