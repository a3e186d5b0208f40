namespace Larder.Diffusion.Graph;

/// <summary>When a node ran.</summary>
/// <param name="Node">The node.</param>
/// <param name="Started">When it began, from the beginning of the run.</param>
/// <param name="Elapsed">How long it took.</param>
public readonly record struct NodeTiming(string Node, TimeSpan Started, TimeSpan Elapsed);
