using Larder.Content;
using Larder.Derived;
using Larder.Sharing;

namespace Larder.Passes.Running;

/// <summary>A pass or an evaluation that must be run, with all that its run needs.</summary>
internal sealed record StepJob
{
    public required StepState State { get; init; }

    /// <summary>The key by the bytes of the model that is held.</summary>
    public required EntryKey ContentKey { get; init; }

    /// <summary>The model that is read or measured.</summary>
    public required HeldFiles Model { get; init; }

    /// <summary>The workflow's input, where it is compared with.</summary>
    public HeldFiles? Input { get; init; }

    /// <summary>What the result is made from; how long that took is not known yet.</summary>
    public required DerivedSource Source { get; init; }

    /// <summary>Failures that were noted before do not count; null when all do.</summary>
    public DateTimeOffset? FailuresSince { get; init; }

    /// <summary>The run that it is for: what it computes is published with that.</summary>
    public required object Run { get; init; }

    /// <summary>Takes what was computed to be published, and with it the lease that others wait for; null when nothing is.</summary>
    public Func<StepAnswer, SharedLease?, bool>? TryPublish { get; init; }

    public required Action<WorkflowProgress> Report { get; init; }

    public PlannedStep Step => State.Step;

    /// <summary>The keys that the result answers.</summary>
    public IReadOnlyList<EntryKey> Keys => ContentKey.Equals(State.Key) ? [State.Key] : [State.Key, ContentKey];
}
