using System.Text.Json.Nodes;

namespace Larder.Passes;

/// <summary>One pass of a workflow.</summary>
/// <param name="Name">What it is called in this workflow, once in it; for people, and no part of any key.</param>
/// <param name="Type">The kind of pass: <see cref="IPass.Name"/>.</param>
/// <param name="Config">Its options.</param>
public sealed record WorkflowPass(string Name, string Type, JsonObject Config);
