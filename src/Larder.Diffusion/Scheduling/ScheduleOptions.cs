namespace Larder.Diffusion.Scheduling;

/// <summary>What a schedule is made for. What is null is left to the schedule.</summary>
public sealed record ScheduleOptions
{
    /// <summary>The steps; schedules of a fixed number have no others.</summary>
    public int? Steps { get; init; }

    /// <summary>The tokens that a latent has, which shift the levels: the more tokens, the longer it stays noisy.</summary>
    public int? Tokens { get; init; }

    /// <summary>The last level before 0.</summary>
    public double? Terminal { get; init; }
}
