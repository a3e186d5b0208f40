using Larder.Content;

namespace Larder.Graphs;

/// <summary>What became of one graph that was to be warmed up.</summary>
/// <param name="Key">The key of the graph.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Failure">Why it was not loaded, where its load failed.</param>
public sealed record GraphWarmth(EntryKey Key, WarmOutcome Outcome, Exception? Failure = null);
