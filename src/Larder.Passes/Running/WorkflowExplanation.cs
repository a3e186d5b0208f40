namespace Larder.Passes.Running;

/// <summary>What a run of a workflow would find, without running or fetching anything.</summary>
public sealed record WorkflowExplanation
{
    /// <summary>The reference of the model that it begins with.</summary>
    public required string Input { get; init; }

    /// <summary>What stands for the version of the input in keys, canonical JSON.</summary>
    public required string InputIdentity { get; init; }

    /// <summary>The passes in their order.</summary>
    public required IReadOnlyList<StepExplanation> Passes { get; init; }

    /// <summary>The evaluations in their order.</summary>
    public required IReadOnlyList<StepExplanation> Evaluations { get; init; }

    /// <summary>What did not go as it should: sentences for people.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
