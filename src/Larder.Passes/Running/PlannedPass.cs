namespace Larder.Passes.Running;

/// <summary>A pass of a workflow, ready to run.</summary>
internal sealed record PlannedPass(PlannedStep Step, PassPlan Plan);
