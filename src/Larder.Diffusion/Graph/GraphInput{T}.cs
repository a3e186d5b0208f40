namespace Larder.Diffusion.Graph;

/// <summary>A value that every run of a graph is given; from inside the graph it is where the value comes from.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class GraphInput<T> : Output<T>
{
    internal GraphInput(string name)
        : base(name, node: null, index: 0) { }
}
