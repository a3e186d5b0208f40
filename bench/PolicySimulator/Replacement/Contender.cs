using PolicySimulator.Traces;

namespace PolicySimulator.Replacement;

/// <summary>A way to replace models that takes part, by its name in the tables.</summary>
internal sealed record Contender(string Name, Func<Trace, IReplacement> Begin);
