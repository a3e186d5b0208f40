using Larder.Content;

namespace Larder.Diffusion.Graph;

/// <summary>Checks all that a builder was told, and numbers what makes sense.</summary>
internal static class GraphCheck
{
    /// <summary>Checks and numbers a graph.</summary>
    /// <exception cref="DiffusionException">It makes no sense: all that is wrong with it.</exception>
    public static GraphPlan Plan(
        string name,
        IReadOnlyList<DeclaredInput> inputs,
        IReadOnlyList<GraphNode> nodes,
        IReadOnlyList<InputPort> outputs,
        IReadOnlyList<Wire> wires
    )
    {
        var faults = new List<DiffusionFault>();
        CheckNames(name, inputs, nodes, outputs, faults);
        GraphNode[] distinct = [.. nodes.Distinct()];
        var check = new WireCheck(inputs, distinct, outputs, faults);
        check.Check(wires);
        if (outputs.Count == 0)
            faults.Add(new DiffusionFault(Printable.Escape(name), "It has no outputs: nothing would come of a run."));
        var order = GraphOrder.Of(PredecessorsOf(distinct, check.Sources));
        foreach (var cycle in order.Cycles)
            faults.Add(Round([.. cycle.Select(node => Printable.Escape(distinct[node].Name))]));
        return faults.Count > 0
            ? throw new DiffusionException($"The graph '{Printable.Escape(name)}' cannot be built", faults)
            : Number(name, inputs, [.. order.Nodes.Select(node => distinct[node])], outputs, check.Sources);
    }

    private static void CheckNames(
        string name,
        IReadOnlyList<DeclaredInput> inputs,
        IReadOnlyList<GraphNode> nodes,
        IReadOnlyList<InputPort> outputs,
        List<DiffusionFault> faults
    )
    {
        CheckName(Printable.Escape(name), name, faults);
        CheckNames([.. inputs.Select(input => input.Port)], "The graph has", "inputs", faults);
        CheckNames(outputs, "The graph has", "outputs", faults);
        var named = new Dictionary<string, GraphNode>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            var shown = Printable.Escape(node.Name);
            if (!named.TryAdd(node.Name, node))
            {
                faults.Add(
                    new DiffusionFault(
                        shown,
                        ReferenceEquals(named[node.Name], node)
                            ? "The node was added twice: add it once."
                            : "There are two nodes of this name: rename one."
                    )
                );
                continue;
            }
            CheckName(shown, node.Name, faults);
            CheckNames(node.Inputs, "The node has", "inputs", faults);
            CheckNames(node.Outputs, "The node has", "outputs", faults);
        }
    }

    private static void CheckNames(
        IReadOnlyList<GraphPort> ports,
        string owner,
        string noun,
        List<DiffusionFault> faults
    )
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var port in ports)
        {
            if (!seen.Add(port.Name))
                faults.Add(new DiffusionFault(port.ToString(), $"{owner} two {noun} of this name: rename one."));
            else
                CheckName(port.ToString(), port.Name, faults);
        }
    }

    // So that names can be parts of paths, of options and of pictures.
    private static void CheckName(string subject, string name, List<DiffusionFault> faults)
    {
        if (name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-'))
            return;
        faults.Add(
            new DiffusionFault(
                subject,
                $"The name '{Printable.Escape(name)}' has other characters than letters, digits, '_' and '-'."
            )
        );
    }

    private static DiffusionFault Round(string[] nodes) =>
        new(
            nodes[0],
            nodes.Length == 1
                ? "The node waits for itself."
                : $"The nodes wait for each other: {string.Join(" → ", nodes)} → {nodes[0]}."
        );

    private static SortedSet<int>[] PredecessorsOf(
        GraphNode[] nodes,
        IReadOnlyDictionary<InputPort, OutputPort> sources
    ) =>
        [
            .. nodes.Select(node => new SortedSet<int>(
                node.Inputs.Select(input => sources.GetValueOrDefault(input)?.Node)
                    .OfType<GraphNode>()
                    .Select(before => Array.IndexOf(nodes, before))
            )),
        ];

    private static GraphPlan Number(
        string name,
        IReadOnlyList<DeclaredInput> inputs,
        GraphNode[] nodes,
        IReadOnlyList<InputPort> outputs,
        IReadOnlyDictionary<InputPort, OutputPort> sources
    )
    {
        var slots = new Dictionary<OutputPort, int>();
        foreach (var port in inputs.Select(input => input.Port).Concat(nodes.SelectMany(node => node.Outputs)))
            slots.Add(port, slots.Count);
        var predecessors = PredecessorsOf(nodes, sources);
        var firstOutputSlot = inputs.Count;
        var planned = new PlannedNode[nodes.Length];
        for (var place = 0; place < nodes.Length; place++)
        {
            planned[place] = new PlannedNode(
                nodes[place],
                [.. nodes[place].Inputs.Select(input => SlotOf(input, sources, slots))],
                firstOutputSlot,
                [.. Enumerable.Range(0, nodes.Length).Where(other => predecessors[other].Contains(place))],
                predecessors[place].Count
            );
            firstOutputSlot += nodes[place].Outputs.Count;
        }
        var readers = new int[slots.Count];
        foreach (var source in sources.Values)
            readers[slots[source]]++;
        return new GraphPlan
        {
            Name = name,
            Inputs = [.. inputs],
            Nodes = planned,
            Outputs = [.. outputs],
            OutputSlots = [.. outputs.Select(output => SlotOf(output, sources, slots))],
            Readers = readers,
        };
    }

    private static int SlotOf(
        InputPort input,
        IReadOnlyDictionary<InputPort, OutputPort> sources,
        Dictionary<OutputPort, int> slots
    ) => sources.TryGetValue(input, out var source) ? slots[source] : PlannedNode.Unconnected;
}
