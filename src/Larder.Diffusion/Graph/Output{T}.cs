namespace Larder.Diffusion.Graph;

/// <summary>Where values of <typeparamref name="T"/> come from: an output of a node, or an input of the graph.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public class Output<T> : OutputPort
{
    internal Output(string name, GraphNode? node, int index)
        : base(name, typeof(T), node, index) { }

    internal sealed override bool Accepts(object? value) => value is T || (value is null && default(T) is null);
}
