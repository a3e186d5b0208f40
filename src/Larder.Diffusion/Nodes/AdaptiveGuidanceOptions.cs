namespace Larder.Diffusion.Nodes;

/// <summary>What an <see cref="AdaptiveDenoiseNode"/> may do, and how far it may go.</summary>
public sealed record AdaptiveGuidanceOptions
{
    /// <summary>The least guidance that scaling leads to.</summary>
    public const double LeastGuidance = 2;

    /// <summary>The most guidance that scaling leads to.</summary>
    public const double MostGuidance = 15;

    internal static AdaptiveGuidanceOptions Default { get; } = new();

    /// <summary>The guidance that is scaled; 7.5.</summary>
    public double Guidance
    {
        get;
        init =>
            field = value is >= LeastGuidance and <= MostGuidance
                ? value
                : throw new ArgumentOutOfRangeException(
                    nameof(value),
                    value,
                    FormattableString.Invariant($"Guidance goes from {LeastGuidance} to {MostGuidance}.")
                );
    } = 7.5;

    /// <summary>The steps before which it never stops; 1.</summary>
    public int MinSteps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1;

    /// <summary>Whether guidance is stronger while there is much noise, and weaker when details are made; true.</summary>
    public bool TimestepScaling { get; init; } = true;

    /// <summary>Whether to stop when the clip hardly changes any more; true.</summary>
    public bool EarlyExit { get; init; } = true;

    /// <summary>How little change of the clip, of its own length, is hardly any; 0.01. Two steps in a row must be below it.</summary>
    public double Tolerance
    {
        get;
        init =>
            field = value is > 0 and <= 1
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "It is above 0 and at most 1.");
    } = 0.01;

    /// <summary>Whether to go on without the half of the work that guidance takes once the prompt is followed anyway; true.</summary>
    public bool DropUnconditional { get; init; } = true;
}
