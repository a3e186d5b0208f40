namespace PolicySimulator.Traces;

/// <summary>Who asked for which model, and when; in the order of time.</summary>
internal sealed record Trace(IReadOnlyList<Model> Models, IReadOnlyList<Request> Requests);
