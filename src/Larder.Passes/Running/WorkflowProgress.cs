using Larder.Transfer;

namespace Larder.Passes.Running;

/// <summary>How far a run is.</summary>
/// <param name="Stage">What it does.</param>
/// <param name="Step">The pass or evaluation that it does it for; null where it is for none.</param>
public sealed record WorkflowProgress(WorkflowStage Stage, string? Step = null)
{
    /// <summary>How far a transfer is; null where there is none.</summary>
    public TransferProgress? Transfer { get; init; }

    /// <summary>A line that the pass or evaluation wants to be seen; null.</summary>
    public string? Line { get; init; }
}
