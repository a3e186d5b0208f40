namespace Larder.Diffusion.Graph;

/// <summary>A value that every run of a graph results in.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class GraphOutput<T> : InputPort
{
    internal GraphOutput(string name)
        : base(name, typeof(T), node: null, index: 0, isRequired: true) { }
}
