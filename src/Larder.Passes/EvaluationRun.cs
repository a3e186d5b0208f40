using Larder.Content;

namespace Larder.Passes;

/// <summary>One run of an evaluation.</summary>
public sealed record EvaluationRun
{
    /// <summary>The directory of the model to measure. Nothing in it may be changed.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The files of that model.</summary>
    public required Manifest Model { get; init; }

    /// <summary>The directory of the workflow's input model; null unless the plan <see cref="EvaluationPlan.NeedsInput"/>.</summary>
    public string? InputPath { get; init; }

    /// <summary>An empty directory of the run's own that is removed afterwards.</summary>
    public required string WorkPath { get; init; }

    /// <summary>Told lines that the evaluation wants to be seen by who runs it; nobody by default.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
