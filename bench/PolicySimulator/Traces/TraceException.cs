namespace PolicySimulator.Traces;

/// <summary>A file of a trace, or of models, is not what it should be.</summary>
internal sealed class TraceException(string message) : Exception(message);
