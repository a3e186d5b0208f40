using System.Text.Json.Nodes;

namespace Larder.Passes;

/// <summary>What a workflow says of one of its passes or evaluations.</summary>
/// <param name="Config">The options, as they were written; an object.</param>
/// <param name="Path">Where they stand in the workflow, such as <c>$.passes[2].config</c>, for messages.</param>
/// <param name="BaseDirectory">The directory that relative paths in them begin at: the workflow file's, absolute.</param>
public sealed record StepRequest(JsonObject Config, string Path, string BaseDirectory);
