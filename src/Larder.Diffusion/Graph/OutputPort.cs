namespace Larder.Diffusion.Graph;

/// <summary>Where a value comes from: an output of a node, or an input of the graph.</summary>
public abstract class OutputPort : GraphPort
{
    private protected OutputPort(string name, Type type, GraphNode? node, int index)
        : base(name, type, node, index) { }

    /// <summary>Whether the value may stand here; asked only of values that come from a caller.</summary>
    internal abstract bool Accepts(object? value);
}
