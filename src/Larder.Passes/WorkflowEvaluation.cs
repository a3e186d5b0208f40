using System.Text.Json.Nodes;

namespace Larder.Passes;

/// <summary>One evaluation of a workflow.</summary>
/// <param name="Name">What it is called in this workflow, once in it; for people, and no part of any key.</param>
/// <param name="Type">The kind of evaluation: <see cref="IEvaluation.Name"/>.</param>
/// <param name="Config">Its options.</param>
public sealed record WorkflowEvaluation(string Name, string Type, JsonObject Config)
{
    /// <summary>The name of the pass whose result is measured; null for the last one's.</summary>
    public string? Of { get; init; }
}
