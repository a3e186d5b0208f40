using Larder.Content;

namespace Larder.Diffusion.Graph;

/// <summary>Finds the ports that the wires of a graph connect, and tells which of them make no sense.</summary>
internal sealed class WireCheck
{
    private readonly IReadOnlyList<DeclaredInput> _inputs;
    private readonly IReadOnlyList<GraphNode> _nodes;
    private readonly IReadOnlyList<InputPort> _outputs;
    private readonly List<DiffusionFault> _faults;
    private readonly Dictionary<InputPort, OutputPort> _sources = [];

    // A wire that is wrong at one end has one fault, and not a second because of it at the other end.
    private readonly HashSet<InputPort> _touchedInputs = [];
    private readonly HashSet<OutputPort> _touchedOutputs = [];

    public WireCheck(
        IReadOnlyList<DeclaredInput> inputs,
        IReadOnlyList<GraphNode> nodes,
        IReadOnlyList<InputPort> outputs,
        List<DiffusionFault> faults
    )
    {
        _inputs = inputs;
        _nodes = nodes;
        _outputs = outputs;
        _faults = faults;
    }

    /// <summary>Where the value of each port comes from; ports without one are not there.</summary>
    public IReadOnlyDictionary<InputPort, OutputPort> Sources => _sources;

    public void Check(IReadOnlyList<Wire> wires)
    {
        foreach (var wire in wires)
            Check(wire);
        FindMissing();
        FindUnread();
    }

    private void Check(Wire wire)
    {
        var from = wire.From is { } output ? Known(output) : Find(wire.FromName, _inputs, node => node.Outputs);
        var to = wire.To is { } input ? Known(input) : Find(wire.ToName, _outputs, node => node.Inputs);
        if (from is not null)
            _touchedOutputs.Add(from);
        if (to is not null)
            _touchedInputs.Add(to);
        if (from is null || to is null)
            return;
        if (_sources.TryGetValue(to, out var other))
        {
            Add(
                to,
                ReferenceEquals(other, from)
                    ? $"It is connected to '{from}' twice: take one away."
                    : $"Its value comes from both '{other}' and '{from}': take one away."
            );
            return;
        }
        _sources.Add(to, from);
        if (!to.Type.IsAssignableFrom(from.Type))
            Add(to, $"It takes {TypeName.Of(to.Type)}, and '{from}' gives {TypeName.Of(from.Type)}.");
    }

    private OutputPort? Known(OutputPort port)
    {
        if (port.Node is null ? _inputs.Any(input => ReferenceEquals(input.Port, port)) : IsAdded(port.Node))
            return port;
        AddUnknown(port, "input");
        return null;
    }

    private InputPort? Known(InputPort port)
    {
        if (port.Node is null ? _outputs.Contains(port) : IsAdded(port.Node))
            return port;
        AddUnknown(port, "output");
        return null;
    }

    private bool IsAdded(GraphNode node) => _nodes.Any(other => ReferenceEquals(other, node));

    private void AddUnknown(GraphPort port, string noun) =>
        Add(
            port,
            port.Node is { } node
                ? $"Node '{Printable.Escape(node.Name)}' is not in this graph: add it."
                : $"It is an {noun} of another graph."
        );

    private OutputPort? Find(
        string name,
        IReadOnlyList<DeclaredInput> inputs,
        Func<GraphNode, IReadOnlyList<OutputPort>> ports
    ) => Find(name, [.. inputs.Select(input => input.Port)], ports, "input", "output");

    private InputPort? Find(
        string name,
        IReadOnlyList<InputPort> outputs,
        Func<GraphNode, IReadOnlyList<InputPort>> ports
    ) => Find(name, outputs, ports, "output", "input");

    private TPort? Find<TPort>(
        string name,
        IReadOnlyList<TPort> ofGraph,
        Func<GraphNode, IReadOnlyList<TPort>> ofNode,
        string graphNoun,
        string nodeNoun
    )
        where TPort : GraphPort
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return Find(name, name, ofGraph, $"The graph has no {graphNoun}");
        var nodeName = name[..dot];
        if (_nodes.FirstOrDefault(node => string.Equals(node.Name, nodeName, StringComparison.Ordinal)) is { } found)
            return Find(
                name,
                name[(dot + 1)..],
                ofNode(found),
                $"Node '{Printable.Escape(nodeName)}' has no {nodeNoun}"
            );
        var suggestion = NameChoice.Suggest(nodeName, [.. _nodes.Select(node => node.Name)]);
        Add(Printable.Escape(name), $"There is no node '{Printable.Escape(nodeName)}'. {suggestion}");
        return null;
    }

    private TPort? Find<TPort>(string path, string name, IReadOnlyList<TPort> ports, string complaint)
        where TPort : GraphPort
    {
        var found = ports.FirstOrDefault(port => string.Equals(port.Name, name, StringComparison.Ordinal));
        if (found is null)
        {
            var suggestion = NameChoice.Suggest(name, [.. ports.Select(port => port.Name)]);
            Add(Printable.Escape(path), $"{complaint} '{Printable.Escape(name)}'. {suggestion}");
        }
        return found;
    }

    private void FindMissing()
    {
        foreach (var input in _nodes.SelectMany(node => node.Inputs))
        {
            if (input.IsRequired && !_touchedInputs.Contains(input))
                Add(input, $"Nothing gives it its {TypeName.Of(input.Type)}: connect it.");
        }
        foreach (var output in _outputs.Where(output => !_touchedInputs.Contains(output)))
            Add(output, $"Nothing gives this output of the graph its {TypeName.Of(output.Type)}: connect it.");
    }

    private void FindUnread()
    {
        foreach (var input in _inputs.Where(input => !_touchedOutputs.Contains(input.Port)))
            Add(input.Port, "Nothing reads this input of the graph: connect it, or take it away.");
        foreach (var output in _nodes.SelectMany(node => node.Outputs))
        {
            if (!_touchedOutputs.Contains(output))
                Add(output, "Nothing reads it: connect it, or make it an output of the graph.");
        }
    }

    private void Add(GraphPort port, string message) => Add(port.ToString(), message);

    private void Add(string subject, string message) => _faults.Add(new DiffusionFault(subject, message));
}
