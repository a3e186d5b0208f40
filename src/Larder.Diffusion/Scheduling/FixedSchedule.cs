using System.Globalization;

namespace Larder.Diffusion.Scheduling;

/// <summary>The levels that a distilled model was trained for: no others do for it.</summary>
internal sealed class FixedSchedule(string name, params double[] sigmas) : ISchedule
{
    public string Name => name;

    public IEnumerable<DiffusionFault> Check(ScheduleOptions options)
    {
        var steps = sigmas.Length - 1;
        if (options.Steps is { } asked && asked != steps)
            yield return Fault("steps", $"This schedule has {steps} steps and not {asked}: leave the option out.");
        if (options.Tokens is not null)
            yield return Fault("tokens", $"The levels of this schedule are fixed: leave the option out.");
        if (options.Terminal is not null)
            yield return Fault("terminal", $"The levels of this schedule are fixed: leave the option out.");
    }

    public double[] Sigmas(ScheduleOptions options) => sigmas;

    private static DiffusionFault Fault(string subject, FormattableString message) =>
        new(subject, message.ToString(CultureInfo.InvariantCulture));
}
