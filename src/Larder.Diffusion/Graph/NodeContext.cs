namespace Larder.Diffusion.Graph;

/// <summary>What a node sees of the run that it works for. It is of no use after the node has ended.</summary>
public sealed class NodeContext
{
    private readonly PlannedNode _node;
    private readonly CancellationToken _cancellationToken;

    // Null once the node has ended.
    private volatile GraphRun? _run;

    internal NodeContext(GraphRun run, PlannedNode node, CancellationToken cancellationToken)
    {
        _run = run;
        _node = node;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The bytes of the run's values that nobody is to read any more, as far as they are <see cref="IMeasured"/>.</summary>
    public long BytesFreed => Run.Values.BytesFreed;

    /// <summary>The value of an input.</summary>
    /// <remarks>It may be used until the node has ended; then it is freed if this was its last reader.</remarks>
    public T Get<T>(Input<T> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var run = RunFor(input);
        var slot = _node.InputSlots[input.Index];
        return slot == PlannedNode.Unconnected ? input.Default : (T)run.Values[slot]!;
    }

    /// <summary>Sets an output, once. A value that is <see cref="IDisposable"/> is from then on the run's.</summary>
    /// <remarks>The run disposes of it when its last reader has ended; outputs of the graph are the result's.</remarks>
    public void Set<T>(Output<T> output, T value) => Put(output, value, isOwned: true);

    /// <summary>Sets an output, once, to what somebody else keeps: the run never disposes of it.</summary>
    /// <remarks>It must live until the run has ended and, where it becomes an output of the graph, as long as the result.</remarks>
    public void Lend<T>(Output<T> output, T value) => Put(output, value, isOwned: false);

    /// <summary>Tells that a step is done, and ends the node if the run is cancelled.</summary>
    /// <param name="step">The steps that are done.</param>
    /// <param name="steps">The steps that there are.</param>
    /// <exception cref="OperationCanceledException">The run is cancelled: let it through.</exception>
    public void Step(int step, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, steps);
        var run = Run;
        _cancellationToken.ThrowIfCancellationRequested();
        run.Report(_node, NodeState.Stepped, step, steps);
    }

    /// <summary>Ends the use of it, and makes sure that the node did what it should.</summary>
    internal void Complete()
    {
        for (var place = 0; place < _node.OutputCount; place++)
        {
            if (!Run.Values.IsSet(_node.FirstOutputSlot + place))
                throw new InvalidOperationException(
                    $"It ended without a value for its output '{_node.Node.Outputs[place].Name}': set every output."
                );
        }
        End();
    }

    internal void End() => _run = null;

    private GraphRun Run =>
        _run
        ?? throw new InvalidOperationException(
            $"Node '{_node.Node.Name}' has ended: its context is of no use any more."
        );

    private void Put<T>(Output<T> output, T value, bool isOwned)
    {
        ArgumentNullException.ThrowIfNull(output);
        var run = RunFor(output);
        var slot = _node.FirstOutputSlot + output.Index;
        if (run.Values.IsSet(slot))
            throw new InvalidOperationException($"'{output}' has its value already: set it once.");
        run.Values.Put(slot, value, isOwned);
    }

    private GraphRun RunFor(GraphPort port) =>
        ReferenceEquals(port.Node, _node.Node)
            ? Run
            : throw new ArgumentException($"'{port}' is no port of node '{_node.Node.Name}'.", nameof(port));
}
