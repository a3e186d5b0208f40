namespace Larder.Diffusion.Scheduling;

/// <summary>The schedules by name, with the levels of the published models.</summary>
public static class Schedules
{
    /// <summary>Any number of steps, shifted by the number of tokens; the option <c>steps</c> is needed.</summary>
    public const string Ltx = "ltx";

    /// <summary>The 8 steps of a distilled model, from noise alone.</summary>
    public const string Distilled = "distilled";

    /// <summary>The 3 steps that refine what was upsampled.</summary>
    public const string DistilledStage2 = "distilled_stage2";

    /// <summary>The 2 steps that refine what was upsampled on several devices.</summary>
    public const string DistilledStage2MultiGpu = "distilled_stage2_multi_gpu";

    private static readonly ISchedule[] All =
    [
        new LtxSchedule(),
        new FixedSchedule(Distilled, 1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875, 0.0),
        new FixedSchedule(DistilledStage2, 0.909375, 0.725, 0.421875, 0.0),
        new FixedSchedule(DistilledStage2MultiGpu, 0.625, 0.4, 0.0),
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(schedule => schedule.Name)];

    /// <summary>Makes a schedule.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">What it is made for; nothing in particular.</param>
    /// <exception cref="DiffusionException">There is no such schedule, or the options do not fit: all that is wrong.</exception>
    public static SigmaSchedule Create(string name, ScheduleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        var schedule =
            Array.Find(All, known => string.Equals(known.Name, name, StringComparison.Ordinal))
            ?? throw ScheduleFaults.Of(
                name,
                [new DiffusionFault("name", $"There is no such schedule. {NameChoice.Suggest(name, Names)}")]
            );
        options ??= new ScheduleOptions();
        DiffusionFault[] faults = [.. schedule.Check(options)];
        return faults.Length > 0
            ? throw ScheduleFaults.Of(name, faults)
            : new SigmaSchedule(name, schedule.Sigmas(options));
    }
}
