namespace Larder.Diffusion.Graph;

/// <summary>A node and its place in the graph; nodes and values go by numbers.</summary>
/// <param name="Node">The node.</param>
/// <param name="InputSlots">The number of the value of each input; <see cref="Unconnected"/> where it has its own.</param>
/// <param name="FirstOutputSlot">The number of the value of the first output; those of the others follow.</param>
/// <param name="Successors">The nodes that read a value of this one, each once, in ascending order.</param>
/// <param name="Predecessors">How many nodes this one reads values of.</param>
internal sealed record PlannedNode(
    GraphNode Node,
    int[] InputSlots,
    int FirstOutputSlot,
    int[] Successors,
    int Predecessors
)
{
    public const int Unconnected = -1;

    public int OutputCount { get; } = Node.Outputs.Count;
}
