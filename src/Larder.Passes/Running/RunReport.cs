namespace Larder.Passes.Running;

/// <summary>Puts what a run knows of its steps into the words of its result.</summary>
internal static class RunReport
{
    public static WorkflowResult Of(
        WorkflowRun run,
        WorkflowOutput output,
        long bytesBefore,
        TimeSpan duration,
        RunWarnings warnings,
        Publications? publications
    )
    {
        List<PassResult> passes = [.. run.Chain.Passes.Select(pass => OfPass(run, pass))];
        List<EvaluationResult> evaluations =
        [
            .. run.Chain.Evaluations.Select(evaluation => OfEvaluation(run, evaluation)),
        ];
        return new WorkflowResult
        {
            Input = run.Input.Reference,
            InputManifest = run.Input.Manifest,
            InputBytes = run.Input.SizeBytes,
            Passes = passes,
            Evaluations = evaluations,
            Output = output,
            BytesFetched = bytesBefore + run.BytesFetched,
            BytesPublished = publications?.BytesSent ?? 0,
            Seconds = duration.TotalSeconds,
            SecondsSaved =
                passes.Sum(pass => pass.SecondsSaved) + evaluations.Sum(evaluation => evaluation.SecondsSaved),
            Warnings = [.. warnings.All, .. publications?.Warnings ?? []],
        };
    }

    private static PassResult OfPass(WorkflowRun run, StepState pass) =>
        new()
        {
            Name = pass.Step.Name,
            Type = pass.Step.Type,
            Key = pass.Key.Digest,
            Outcome = OutcomeOf(run, pass),
            ByContent = pass.Answer is { ByContent: true },
            Seconds = pass.Spent.TotalSeconds,
            SecondsSaved = SavedBy(run, pass),
            BytesFetched = pass.BytesFetched,
            Manifest = pass.Answer?.Manifest,
            SizeBytes = pass.Answer?.SizeBytes,
            Explanation = run.Explanations?[pass],
        };

    private static EvaluationResult OfEvaluation(WorkflowRun run, StepState evaluation) =>
        new()
        {
            Name = evaluation.Step.Name,
            Type = evaluation.Step.Type,
            Of = evaluation.Input?.Step.Name,
            Key = evaluation.Key.Digest,
            Outcome = OutcomeOf(run, evaluation),
            ByContent = evaluation.Answer is { ByContent: true },
            Metrics = evaluation.Metrics!,
            Missed = evaluation.MissedBy(evaluation.Metrics!),
            Seconds = evaluation.Spent.TotalSeconds,
            SecondsSaved = SavedBy(run, evaluation),
            BytesFetched = evaluation.BytesFetched,
            Explanation = run.Explanations?[evaluation],
        };

    private static StepOutcome OutcomeOf(WorkflowRun run, StepState step) =>
        step.Answer switch
        {
            null => StepOutcome.NotNeeded,
            { } answer when answer.ComputedBy == run => StepOutcome.Computed,
            { Shared: not null } => StepOutcome.SharedHit,
            _ => StepOutcome.LocalHit,
        };

    private static double SavedBy(WorkflowRun run, StepState step) =>
        step.Answer is { } answer && answer.ComputedBy != run ? answer.Duration.TotalSeconds : 0;
}
