namespace Larder.Diffusion.Nodes;

/// <summary>Guidance that follows what one run does.</summary>
internal sealed class AdaptiveGuidance(AdaptiveGuidanceOptions options, int steps) : IGuidance
{
    // Of the guidance while there is only noise, and when there is none left; between them a sigmoid over the level of noise.
    private const double HighScale = 1.3;
    private const double LowScale = 0.35;
    private const double Sharpness = 12;

    // Below this difference the prompt is followed anyway, but not before the clip has begun to show.
    private const double SmallDifference = 0.1;
    private const int StepsBeforeDrop = 2;

    // One step of little change may be a coincidence.
    private const int CalmSteps = 2;

    private readonly List<GuidanceStep> _taken = [];
    private float[]? _previous;
    private int _calmSteps;
    private bool _isDropped;

    public GuidanceTrace Trace => new(steps, _taken);

    public double? At(int step, double sigma)
    {
        if (_isDropped)
            return null;
        var scale = options.TimestepScaling ? Scale(sigma) : 1;
        return Math.Clamp(
            options.Guidance * scale,
            AdaptiveGuidanceOptions.LeastGuidance,
            AdaptiveGuidanceOptions.MostGuidance
        );
    }

    public bool IsEnough(in SampledStep step)
    {
        double? difference = step.Unconditional.IsEmpty ? null : Distance(step.Conditional, step.Unconditional);
        double? change = _previous is null ? null : Distance(step.Denoised, _previous);
        _taken.Add(new GuidanceStep(step.Sigma, step.Guidance, difference, change));
        _previous ??= new float[step.Denoised.Length];
        step.Denoised.CopyTo(_previous);

        _isDropped |= options.DropUnconditional && _taken.Count >= StepsBeforeDrop && difference < SmallDifference;
        _calmSteps = change < options.Tolerance ? _calmSteps + 1 : 0;
        return options.EarlyExit && _taken.Count >= options.MinSteps && _calmSteps >= CalmSteps;
    }

    internal static double Scale(double sigma) =>
        LowScale + (HighScale - LowScale) / (1 + Math.Exp(-Sharpness * (sigma - 0.5)));

    // The length of the difference over the first one's own.
    private static double Distance(ReadOnlySpan<float> from, ReadOnlySpan<float> to)
    {
        var (difference, length) = (0.0, 0.0);
        for (var place = 0; place < from.Length; place++)
        {
            var apart = (double)from[place] - to[place];
            difference += apart * apart;
            length += (double)from[place] * from[place];
        }
        return difference == 0 ? 0 : Math.Sqrt(difference / length);
    }
}
