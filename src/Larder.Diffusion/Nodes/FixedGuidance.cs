namespace Larder.Diffusion.Nodes;

/// <summary>The same guidance in all steps.</summary>
internal sealed class FixedGuidance(double guidance) : IGuidance
{
    // With 1 the result is that with the prompt, and the other is not needed.
    public double? At(int step, double sigma) => guidance is 1 ? null : guidance;

    public bool IsEnough(in SampledStep step) => false;
}
