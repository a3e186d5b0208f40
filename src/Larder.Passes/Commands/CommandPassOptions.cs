namespace Larder.Passes.Commands;

/// <summary>The options of a <c>command</c> pass.</summary>
internal sealed record CommandPassOptions : CommandOptions
{
    /// <summary>Patterns for files that must be in the result, each for at least one.</summary>
    public IReadOnlyList<string> Outputs { get; set; } = [];
}
