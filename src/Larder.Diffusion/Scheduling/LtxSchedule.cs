using System.Globalization;

namespace Larder.Diffusion.Scheduling;

/// <summary>The schedule of LTX for any number of steps: even levels, shifted by the number of tokens, stretched to an end.</summary>
/// <remarks>
/// With r = 1/s - 1 the shifted level of s is e^shift / (e^shift + r). Its distance to 1, r / (e^shift + r), is what is computed:
/// for many tokens the level itself rounds to 1, and the distance keeps all its digits.
/// </remarks>
internal sealed class LtxSchedule : ISchedule
{
    public const int MaxSteps = 1000;
    public const int MaxTokens = 1_000_000;
    public const int DefaultTokens = 4096;
    public const double DefaultTerminal = 0.1;

    // Of the published models: the line through these two points gives the shift.
    private const double BaseShift = 0.95;
    private const double BaseTokens = 1024;
    private const double MaxShift = 2.05;
    private const double MaxShiftTokens = 4096;

    public string Name => Schedules.Ltx;

    public IEnumerable<DiffusionFault> Check(ScheduleOptions options)
    {
        if (options.Steps is null)
            yield return new DiffusionFault("steps", $"They are missing: give 1 to {MaxSteps}.");
        else if (options.Steps is < 1 or > MaxSteps)
            yield return Fault("steps", $"There are {options.Steps}: give 1 to {MaxSteps}.");
        if (options.Tokens is < 1 or > MaxTokens)
            yield return Fault("tokens", $"There are {options.Tokens}: a latent has 1 to {MaxTokens}.");
        if (options.Terminal is { } terminal && !(terminal is > 0 and < 1))
            yield return Fault("terminal", $"It is {terminal}: the last level is between 0 and 1.");
    }

    public double[] Sigmas(ScheduleOptions options)
    {
        var steps = options.Steps!.Value;
        var terminal = options.Terminal ?? DefaultTerminal;
        var shift = ShiftOf(options.Tokens ?? DefaultTokens);
        var sigmas = new double[steps + 1];
        // The last is 0. The first is 1 whatever the shift, so that one step has nothing to stretch: 0 by 0.
        sigmas[0] = 1;
        var last = DistanceToOne(steps - 1, steps, shift);
        for (var step = 1; step < steps; step++)
            sigmas[step] = terminal + (1 - terminal) * (1 - DistanceToOne(step, steps, shift) / last);
        return sigmas;
    }

    private static double ShiftOf(int tokens) =>
        BaseShift + (tokens - BaseTokens) * (MaxShift - BaseShift) / (MaxShiftTokens - BaseTokens);

    private static double DistanceToOne(int step, int steps, double shift)
    {
        // 1/s - 1 of the even level s = 1 - step/steps.
        var ratio = (double)step / (steps - step);
        return ratio / (Math.Exp(shift) + ratio);
    }

    private static DiffusionFault Fault(string subject, FormattableString message) =>
        new(subject, message.ToString(CultureInfo.InvariantCulture));
}
