namespace Larder.Diffusion.Graph;

/// <summary>One step of inference: it reads its inputs and sets its outputs.</summary>
/// <remarks>
/// Ports are declared in the constructor. A node serves many runs at once, of one graph or of several, so it keeps nothing of a
/// run in itself; what a node needs to know of a run is in its inputs. Whoever made a node disposes of what it holds.
/// </remarks>
public abstract class GraphNode
{
    private readonly List<InputPort> _inputs = [];
    private readonly List<OutputPort> _outputs = [];

    // Set by the first builder that it is added to: what is planned must not change.
    private volatile bool _isSealed;

    /// <summary>Creates the node.</summary>
    /// <param name="name">Its name in the graph: letters, digits, <c>_</c> and <c>-</c>.</param>
    protected GraphNode(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The inputs, in the order in which they were declared.</summary>
    public IReadOnlyList<InputPort> Inputs => _inputs;

    /// <summary>The outputs, in the order in which they were declared.</summary>
    public IReadOnlyList<OutputPort> Outputs => _outputs;

    /// <summary>Does the work of the node for one run.</summary>
    /// <param name="context">The values of the run, for as long as the returned task is under way.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up or another node has failed.</param>
    /// <remarks>
    /// Every output is set when it ends. A failure is told by an exception. The values that it reads are the run's, and other
    /// nodes may be reading them: they are not changed.
    /// </remarks>
    protected abstract ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken);

    /// <summary>Declares an input that something must be connected to.</summary>
    protected Input<T> AddInput<T>(string name) => Add(_inputs, new Input<T>(name, this, _inputs.Count));

    /// <summary>Declares an input that may be left unconnected.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value that it then has, the same in all runs; nothing that is to be disposed of.</param>
    protected Input<T> AddOptionalInput<T>(string name, T value)
    {
        SharedValue.Check(name, value);
        return Add(_inputs, new Input<T>(name, this, _inputs.Count, value));
    }

    /// <summary>Declares an output.</summary>
    protected Output<T> AddOutput<T>(string name) => Add(_outputs, new Output<T>(name, this, _outputs.Count));

    internal void Seal() => _isSealed = true;

    internal ValueTask WorkAsync(NodeContext context, CancellationToken cancellationToken) =>
        RunAsync(context, cancellationToken);

    private TPort Add<TPort, TBase>(List<TBase> ports, TPort port)
        where TPort : TBase
    {
        if (_isSealed)
            throw new InvalidOperationException(
                $"Node '{Name}' is in a graph already: declare its ports in its constructor."
            );
        ports.Add(port);
        return port;
    }
}
