namespace Larder.Diffusion.Scheduling;

/// <summary>A way to make levels of noise.</summary>
internal interface ISchedule
{
    /// <summary>The name by which presets and options choose it.</summary>
    string Name { get; }

    /// <summary>Tells what is wrong with the options.</summary>
    IEnumerable<DiffusionFault> Check(ScheduleOptions options);

    /// <summary>The levels, for options that <see cref="Check"/> found nothing wrong with.</summary>
    double[] Sigmas(ScheduleOptions options);
}
