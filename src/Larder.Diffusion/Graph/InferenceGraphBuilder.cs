namespace Larder.Diffusion.Graph;

/// <summary>Puts an <see cref="InferenceGraph"/> together. Nothing is checked before <see cref="Build"/>, which tells all at once.</summary>
/// <remarks>For one thread.</remarks>
public sealed class InferenceGraphBuilder
{
    private readonly string _name;
    private readonly List<DeclaredInput> _inputs = [];
    private readonly List<GraphNode> _nodes = [];
    private readonly List<InputPort> _outputs = [];
    private readonly List<Wire> _wires = [];

    /// <summary>Begins a graph.</summary>
    /// <param name="name">Its name: letters, digits, <c>_</c> and <c>-</c>.</param>
    public InferenceGraphBuilder(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _name = name;
    }

    /// <summary>Declares a value that every run must be given.</summary>
    public GraphInput<T> AddInput<T>(string name)
    {
        var input = new GraphInput<T>(name);
        _inputs.Add(new DeclaredInput(input, HasDefault: false, Default: null));
        return input;
    }

    /// <summary>Declares a value that a run may be given.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value that it has otherwise, the same in all runs; nothing that is to be disposed of.</param>
    public GraphInput<T> AddInput<T>(string name, T value)
    {
        SharedValue.Check(name, value);
        var input = new GraphInput<T>(name);
        _inputs.Add(new DeclaredInput(input, HasDefault: true, value));
        return input;
    }

    /// <summary>Adds a node; where several could run, those that were added earlier run first.</summary>
    /// <returns>The node, to take its ports from.</returns>
    public TNode AddNode<TNode>(TNode node)
        where TNode : GraphNode
    {
        ArgumentNullException.ThrowIfNull(node);
        node.Seal();
        _nodes.Add(node);
        return node;
    }

    /// <summary>Declares a value that every run results in, to be connected by its name.</summary>
    public GraphOutput<T> AddOutput<T>(string name)
    {
        var output = new GraphOutput<T>(name);
        _outputs.Add(output);
        return output;
    }

    /// <summary>Declares a value that every run results in.</summary>
    /// <param name="name">The name.</param>
    /// <param name="from">Where it comes from.</param>
    public GraphOutput<T> AddOutput<T>(string name, Output<T> from)
    {
        ArgumentNullException.ThrowIfNull(from);
        var output = AddOutput<T>(name);
        _wires.Add(new Wire(from, from.ToString(), output, output.ToString()));
        return output;
    }

    /// <summary>Lets a value go from where it comes from to an input of a node.</summary>
    public InferenceGraphBuilder Connect<TFrom, TTo>(Output<TFrom> from, Input<TTo> to)
        where TFrom : TTo
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        _wires.Add(new Wire(from, from.ToString(), to, to.ToString()));
        return this;
    }

    /// <summary>Connects ports by their names, as a configuration does.</summary>
    /// <param name="from"><c>node.port</c>, or the name of an input of the graph.</param>
    /// <param name="to"><c>node.port</c>, or the name of an output of the graph.</param>
    public InferenceGraphBuilder Connect(string from, string to)
    {
        ArgumentException.ThrowIfNullOrEmpty(from);
        ArgumentException.ThrowIfNullOrEmpty(to);
        _wires.Add(new Wire(From: null, from, To: null, to));
        return this;
    }

    /// <summary>Makes the graph of what was added so far.</summary>
    /// <exception cref="DiffusionException">It makes no sense: all that is wrong with it.</exception>
    public InferenceGraph Build() => new(GraphCheck.Plan(_name, _inputs, _nodes, _outputs, _wires));
}
