namespace Larder.Diffusion.Graph;

/// <summary>Where values of <typeparamref name="T"/> go into a node.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class Input<T> : InputPort
{
    internal Input(string name, GraphNode node, int index)
        : base(name, typeof(T), node, index, isRequired: true) => Default = default!;

    internal Input(string name, GraphNode node, int index, T value)
        : base(name, typeof(T), node, index, isRequired: false) => Default = value;

    /// <summary>The value where nothing is connected.</summary>
    internal T Default { get; }
}
