namespace PolicySimulator.Traces;

/// <summary>One request of a trace.</summary>
/// <param name="Place">Its place in the trace, 0 for the first; times may be equal, places are not.</param>
/// <param name="At">The time since the first request.</param>
/// <param name="Model">The place of the model in <see cref="Trace.Models"/>.</param>
internal readonly record struct Request(int Place, TimeSpan At, int Model);
