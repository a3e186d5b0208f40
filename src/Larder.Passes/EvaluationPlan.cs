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

    /// <summary>
    /// Tells which limits of the options the figures miss: a sentence for each, and then the run has failed; none.
    /// </summary>
    /// <remarks>
    /// Asked of figures that were measured now and of those that were found alike. A limit judges figures and changes none, so
    /// it is no part of <see cref="Facts"/>: the figures of a run that missed one are kept, and another limit measures nothing again.
    /// </remarks>
    public Func<IReadOnlyDictionary<string, double>, IReadOnlyList<string>> Missed { get; init; } = static _ => [];
}
