namespace Larder.Diffusion.Nodes;

/// <summary>What adaptive guidance did in a run.</summary>
/// <param name="PlannedSteps">The steps of the schedule.</param>
/// <param name="Steps">The steps that were taken.</param>
public sealed record GuidanceTrace(int PlannedSteps, IReadOnlyList<GuidanceStep> Steps)
{
    /// <summary>Whether it stopped before the schedule's end.</summary>
    public bool IsStoppedEarly => Steps.Count < PlannedSteps;

    /// <summary>How often the denoiser was asked, with and without the prompt counted apart.</summary>
    public int Evaluations => Steps.Sum(step => step.Guidance is null ? 1 : 2);

    /// <summary>How often a schedule gone through with the same guidance in all steps would have asked it.</summary>
    public int PlannedEvaluations => 2 * PlannedSteps;
}
