namespace Larder.Diffusion.Graph;

/// <summary>A graph that makes sense, numbered for running. It never changes.</summary>
/// <remarks>
/// The values of a run stand in slots: first the inputs of the graph, then the outputs of the nodes, in their order.
/// </remarks>
internal sealed class GraphPlan
{
    public required string Name { get; init; }

    /// <summary>The inputs of the graph; each stands in the slot of its place here.</summary>
    public required DeclaredInput[] Inputs { get; init; }

    /// <summary>The nodes, each after all that it reads from; otherwise in the order in which they were added.</summary>
    public required PlannedNode[] Nodes { get; init; }

    public required InputPort[] Outputs { get; init; }

    /// <summary>The slot of each output of the graph.</summary>
    public required int[] OutputSlots { get; init; }

    /// <summary>How many inputs of nodes and outputs of the graph read each slot; at least one.</summary>
    public required int[] Readers { get; init; }

    /// <summary>The port that fills a slot.</summary>
    public OutputPort Source(int slot)
    {
        if (slot < Inputs.Length)
            return Inputs[slot].Port;
        var node = Array.FindLast(Nodes, node => node.FirstOutputSlot <= slot && node.OutputCount > 0)!;
        return node.Node.Outputs[slot - node.FirstOutputSlot];
    }

    public int InputAt(string name) =>
        Array.FindIndex(Inputs, input => string.Equals(input.Port.Name, name, StringComparison.Ordinal));

    public int OutputAt(string name) =>
        Array.FindIndex(Outputs, output => string.Equals(output.Name, name, StringComparison.Ordinal));
}
