namespace Larder.Diffusion.Graph;

/// <summary>How one run of a graph goes.</summary>
public sealed record GraphRunOptions
{
    internal static GraphRunOptions Default { get; } = new();

    /// <summary>How many nodes may run at once where they do not depend on each other; as many as there are processors.</summary>
    public int MaxParallelNodes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>Told what the run does while it does it; null.</summary>
    /// <remarks>
    /// Called by the node's own thread, so by several at once, in order for each node. What it throws fails the node.
    /// </remarks>
    public IProgress<GraphProgress>? Progress { get; init; }

    /// <summary>What times are measured by; the machine's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
