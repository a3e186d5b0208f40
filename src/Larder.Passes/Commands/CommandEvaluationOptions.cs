namespace Larder.Passes.Commands;

/// <summary>The options of a <c>command</c> evaluation.</summary>
internal sealed record CommandEvaluationOptions : CommandOptions;
