namespace Larder.Passes.Running;

/// <summary>An evaluation of a workflow, ready to run.</summary>
/// <param name="Step">What it is.</param>
/// <param name="Plan">How it is run.</param>
/// <param name="Of">The index of the pass whose result it measures; -1 for the workflow's input.</param>
internal sealed record PlannedEvaluation(PlannedStep Step, EvaluationPlan Plan, int Of);
