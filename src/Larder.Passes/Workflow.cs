namespace Larder.Passes;

/// <summary>A model, the passes that it goes through one after the other, and what is measured of it.</summary>
public sealed record Workflow
{
    /// <summary>The model that it begins with.</summary>
    public required WorkflowInput Input { get; init; }

    /// <summary>The passes in their order; may be empty.</summary>
    public IReadOnlyList<WorkflowPass> Passes { get; init; } = [];

    /// <summary>What is measured; none.</summary>
    public IReadOnlyList<WorkflowEvaluation> Evaluations { get; init; } = [];

    /// <summary>The directory that the final model is laid out in, absolute; null to leave it in the store.</summary>
    public string? Output { get; init; }

    /// <summary>The team's store as the workflow names it; null for the one of the configuration.</summary>
    public WorkflowSharing? Shared { get; init; }

    /// <summary>The directory that relative paths in it begin at, absolute; the process's own.</summary>
    public string BaseDirectory { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>Begins a workflow in code; the result is the same as that of a workflow file.</summary>
    /// <param name="reference">The model: a reference such as <c>hf://org/repo@revision</c>, or a path.</param>
    public static WorkflowBuilder From(string reference)
    {
        ArgumentException.ThrowIfNullOrEmpty(reference);
        return new WorkflowBuilder(reference);
    }
}
