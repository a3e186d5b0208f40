namespace Larder.Graphs.Keys;

/// <summary>One thing that is wrong with the configuration of a graph.</summary>
/// <param name="Path">Where, such as <c>$.loras[2].strength</c>.</param>
/// <param name="Message">What is wrong and what to do, as a sentence.</param>
public sealed record ConfigurationFault(string Path, string Message);
