namespace Larder.Passes;

/// <summary>One thing that is wrong with a workflow.</summary>
/// <param name="Path">Where, such as <c>$.passes[2].config.per_channel</c>.</param>
/// <param name="Message">What, and what to do.</param>
public sealed record WorkflowFault(string Path, string Message);
