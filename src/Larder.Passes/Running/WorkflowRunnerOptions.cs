namespace Larder.Passes.Running;

/// <summary>How workflows are run.</summary>
public sealed record WorkflowRunnerOptions
{
    /// <summary>How long it is remembered that a pass cannot do what it was asked; 1 day.</summary>
    public TimeSpan PermanentFailuresFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long a failure is remembered that may not come again; 1 minute.</summary>
    public TimeSpan TransientFailuresFor { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long it is remembered that something of this machine is missing; 5 minutes.</summary>
    public TimeSpan EnvironmentFailuresFor { get; init; } = TimeSpan.FromMinutes(5);

    internal TimeSpan FailuresFor(PassFailure failure) =>
        failure switch
        {
            PassFailure.Permanent => PermanentFailuresFor,
            PassFailure.Environment => EnvironmentFailuresFor,
            _ => TransientFailuresFor,
        };

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(PermanentFailuresFor, TimeSpan.Zero, nameof(PermanentFailuresFor));
        ArgumentOutOfRangeException.ThrowIfLessThan(TransientFailuresFor, TimeSpan.Zero, nameof(TransientFailuresFor));
        ArgumentOutOfRangeException.ThrowIfLessThan(
            EnvironmentFailuresFor,
            TimeSpan.Zero,
            nameof(EnvironmentFailuresFor)
        );
    }
}
