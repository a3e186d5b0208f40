using Larder.Passes.Keys;
using Larder.Pull;

namespace Larder.Passes.Running;

/// <summary>The steps of a workflow with their keys, all of which are known before any file is there.</summary>
internal sealed class Chain
{
    private Chain(IReadOnlyList<StepState> passes, IReadOnlyList<StepState> evaluations)
    {
        Passes = passes;
        Evaluations = evaluations;
    }

    public IReadOnlyList<StepState> Passes { get; }

    public IReadOnlyList<StepState> Evaluations { get; }

    public IEnumerable<StepState> Steps => Passes.Concat(Evaluations);

    /// <summary>The last pass; null where there is none.</summary>
    public StepState? Last => Passes.Count > 0 ? Passes[^1] : null;

    public static Chain Of(WorkflowPlan plan, ModelIdentity identity)
    {
        var passes = new List<StepState>();
        foreach (var pass in plan.Passes)
        {
            var input = passes.LastOrDefault();
            var model = input is null ? identity.Request : StepKeys.ResultOf(input.Key);
            passes.Add(
                new StepState(pass.Step, input, WorkOf(pass.Plan), bytes => StepKeys.OfPass(pass.Step, bytes))
                {
                    Key = StepKeys.OfPass(pass.Step, model),
                }
            );
        }
        return new Chain(passes, [.. plan.Evaluations.Select(evaluation => Of(evaluation, passes, identity))]);
    }

    private static StepState Of(PlannedEvaluation evaluation, List<StepState> passes, ModelIdentity identity)
    {
        var of = evaluation.Of < 0 ? null : passes[evaluation.Of];
        var model = of is null ? identity.Request : StepKeys.ResultOf(of.Key);
        // By what it is known by everywhere, also beside the bytes of what is measured: one machine may not know its bytes.
        var input = evaluation.Plan.NeedsInput ? identity.Request : null;
        return new StepState(
            evaluation.Step,
            of,
            MetricsFile.WorkOf(evaluation.Plan),
            bytes => StepKeys.OfEvaluation(evaluation.Step, bytes, input)
        )
        {
            Key = StepKeys.OfEvaluation(evaluation.Step, model, input),
            NeedsInput = evaluation.Plan.NeedsInput,
            IsEvaluation = true,
            MissedBy = evaluation.Plan.Missed,
        };
    }

    private static StepWork WorkOf(PassPlan plan) =>
        (model, _, outputPath, workPath, log, cancellationToken) =>
            plan.RunAsync(
                new PassRun
                {
                    InputPath = model.Path,
                    Input = model.Manifest,
                    OutputPath = outputPath,
                    WorkPath = workPath,
                    Log = log,
                },
                cancellationToken
            );
}
