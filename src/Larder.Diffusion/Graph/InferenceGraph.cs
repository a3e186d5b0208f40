using System.Text.Json;
using Larder.Content;

namespace Larder.Diffusion.Graph;

/// <summary>Nodes whose typed outputs and inputs are connected, checked and ready to run.</summary>
/// <remarks>
/// It never changes, and all that a run knows is in the run, so any number of callers run one graph at once. It does not own its
/// nodes: who made them disposes of what they hold, when no run is under way.
/// </remarks>
public sealed class InferenceGraph
{
    private readonly GraphPlan _plan;

    internal InferenceGraph(GraphPlan plan)
    {
        _plan = plan;
        Inputs = [.. plan.Inputs.Select(input => input.Port)];
        Nodes = [.. plan.Nodes.Select(node => node.Node)];
    }

    /// <summary>The name.</summary>
    public string Name => _plan.Name;

    /// <summary>What a run is given.</summary>
    public IReadOnlyList<OutputPort> Inputs { get; }

    /// <summary>The nodes, each after those that it reads from.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; }

    /// <summary>What comes of a run.</summary>
    public IReadOnlyList<InputPort> Outputs => _plan.Outputs;

    /// <summary>Runs the graph: each node as soon as its inputs are there.</summary>
    /// <param name="inputs">The values of the inputs; those with a default may be left out.</param>
    /// <param name="options">How; the defaults.</param>
    /// <param name="cancellationToken">Ends the run when the nodes that are running have ended.</param>
    /// <exception cref="DiffusionException">The inputs do not fit: all that is wrong with them.</exception>
    /// <exception cref="GraphRunException">A node failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<GraphResult> RunAsync(
        GraphInputs inputs,
        GraphRunOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<GraphResult>(cancellationToken);
        var values = Bind(inputs.Values);
        return new GraphRun(_plan, values, options ?? GraphRunOptions.Default, cancellationToken).StartAsync();
    }

    /// <summary>The graph as a tree of texts: its inputs, its nodes in their order and its outputs.</summary>
    public override string ToString() => GraphTree.Draw(_plan);

    /// <summary>The graph as a flowchart of Mermaid, for documents.</summary>
    public string ToMermaid() => GraphMermaid.Draw(_plan);

    /// <summary>The graph as one JSON value, for programs: its inputs with their defaults, nodes with their ports, outputs and edges.</summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        GraphJson.Write(json, _plan);
    }

    private object?[] Bind(IReadOnlyDictionary<string, object?> given)
    {
        var values = new object?[_plan.Inputs.Length];
        var found = 0;
        List<DiffusionFault>? faults = null;
        for (var place = 0; place < values.Length; place++)
        {
            var (port, hasDefault, value) = _plan.Inputs[place];
            if (given.TryGetValue(port.Name, out var own))
            {
                found++;
                if (!port.Accepts(own))
                    (faults ??= []).Add(Misfit(port, own));
                value = own;
            }
            else if (!hasDefault)
            {
                (faults ??= []).Add(
                    new DiffusionFault(port.ToString(), $"It is missing: give it {TypeName.Of(port.Type)}.")
                );
            }
            values[place] = value;
        }
        if (found < given.Count)
            (faults ??= []).AddRange(Unknown(given.Keys));
        return faults is null
            ? values
            : throw new DiffusionException($"The graph '{Printable.Escape(Name)}' cannot run on these inputs", faults);
    }

    private static DiffusionFault Misfit(OutputPort port, object? value) =>
        new(
            port.ToString(),
            $"It takes {TypeName.Of(port.Type)} and was given {(value is null ? "null" : TypeName.Of(value.GetType()))}."
        );

    private IEnumerable<DiffusionFault> Unknown(IEnumerable<string> names) =>
        names
            .Where(name => _plan.InputAt(name) < 0)
            .Order(StringComparer.Ordinal)
            .Select(name => new DiffusionFault(
                Printable.Escape(name),
                $"The graph has no such input. {NameChoice.Suggest(name, [.. Inputs.Select(input => input.Name)])}"
            ));
}
