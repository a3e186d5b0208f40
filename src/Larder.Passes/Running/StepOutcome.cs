namespace Larder.Passes.Running;

/// <summary>How a pass or an evaluation of a run came to its answer.</summary>
public enum StepOutcome
{
    /// <summary>The local store had the answer.</summary>
    LocalHit,

    /// <summary>The shared store had it.</summary>
    SharedHit,

    /// <summary>It was run.</summary>
    Computed,

    /// <summary>No store that was asked has an answer, and none was needed: a later pass's was there.</summary>
    NotNeeded,

    /// <summary>No store has an answer; only in explanations, for a run computes it.</summary>
    Miss,
}
