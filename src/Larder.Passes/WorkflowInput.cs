using Larder.Content;
using Larder.Origins;

namespace Larder.Passes;

/// <summary>The model that a workflow begins with.</summary>
/// <param name="Reference">Where it is.</param>
public sealed record WorkflowInput(ModelReference Reference)
{
    /// <summary>Patterns for the files that are wanted; all files when there is none.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Patterns for files that are not wanted; none.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>The version wanted; null for the origin's present one.</summary>
    public Digest? Digest { get; init; }
}
