using Larder.Content;

namespace Larder.Diffusion.Graph;

/// <summary>A named and typed place where values go into a node or a graph, or come out of it.</summary>
public abstract class GraphPort
{
    private protected GraphPort(string name, Type type, GraphNode? node, int index)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Type = type;
        Node = node;
        Index = index;
    }

    /// <summary>The name; among the inputs of one node, and among its outputs, each has another.</summary>
    public string Name { get; }

    /// <summary>The type of the values.</summary>
    public Type Type { get; }

    /// <summary>The node that it belongs to; null for an input or an output of the graph itself.</summary>
    internal GraphNode? Node { get; }

    /// <summary>The place among the node's inputs, or among its outputs; 0 for those of the graph.</summary>
    internal int Index { get; }

    /// <summary>As it is named to wire it: <c>node.port</c>, or the name alone for one of the graph.</summary>
    public override string ToString() => Printable.Escape(Node is null ? Name : $"{Node.Name}.{Name}");
}
