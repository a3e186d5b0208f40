namespace Larder.Passes;

/// <summary>An evaluation that is ready to run.</summary>
/// <param name="Facts">What its figures depend on.</param>
/// <param name="RunAsync">Measures the model of <see cref="EvaluationRun.ModelPath"/> and returns its figures by name.</param>
public sealed record EvaluationPlan(
    StepFacts Facts,
    Func<EvaluationRun, CancellationToken, Task<IReadOnlyDictionary<string, double>>> RunAsync
)
{
    /// <summary>Whether it compares with the workflow's input model, which is then part of the key and at hand; false.</summary>
    public bool NeedsInput { get; init; }
}
