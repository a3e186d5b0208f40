namespace Larder.Diffusion.Graph;

/// <summary>Where a value goes to: an input of a node, or an output of the graph.</summary>
public abstract class InputPort : GraphPort
{
    private protected InputPort(string name, Type type, GraphNode? node, int index, bool isRequired)
        : base(name, type, node, index) => IsRequired = isRequired;

    /// <summary>Whether something must be connected to it; otherwise it has a value of its own.</summary>
    public bool IsRequired { get; }
}
