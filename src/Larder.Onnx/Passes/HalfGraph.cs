using Larder.Content;
using Larder.Onnx.Format;

namespace Larder.Onnx.Passes;

/// <summary>A graph that is converted to float16: first all its values and who reads them are found, then it is written anew.</summary>
/// <remarks>
/// Every float32 value can have two forms. It is made in one; the other is made from it by a Cast right behind, if something
/// wants it. So a value is converted once however many read it, from whatever depth.
/// </remarks>
internal sealed class HalfGraph
{
    private readonly GraphProto _graph;
    private readonly HalfConversion _conversion;
    private readonly bool _keepsInterface;
    private readonly Scope<HalfValue> _scope;
    private readonly List<HalfNode> _nodes = [];
    private readonly List<HalfValue> _weights = [];
    private readonly List<HalfValue> _outputs = [];
    private readonly Dictionary<string, TypeProto> _declared = new(StringComparer.Ordinal);

    private HalfGraph(GraphProto graph, HalfConversion conversion, bool keepsInterface, Scope<HalfValue>? around)
    {
        _graph = graph;
        _conversion = conversion;
        _keepsInterface = keepsInterface;
        _scope = new Scope<HalfValue>(around);
    }

    /// <summary>The values that come out, in their order.</summary>
    public IReadOnlyList<HalfValue> Outputs => _outputs;

    /// <summary>Finds all values of a graph, and of those within it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="conversion">What is the same for the whole model.</param>
    /// <param name="keepsInterface">Whether its inputs and outputs stay float32.</param>
    /// <param name="around">What it sees of the graph around it; null for the model's own.</param>
    /// <param name="inputTypes">The element types of what goes in, where the graph itself does not say them.</param>
    public static HalfGraph Of(
        GraphProto graph,
        HalfConversion conversion,
        bool keepsInterface,
        Scope<HalfValue>? around = null,
        IReadOnlyList<int>? inputTypes = null
    )
    {
        var half = new HalfGraph(graph, conversion, keepsInterface, around);
        half.Declare();
        half.FindWeightsAndInputs(inputTypes ?? []);
        foreach (var node in graph.Node)
            half.FindNode(node);
        half.FindOutputs();
        return half;
    }

    /// <summary>Writes the graph anew, and those within it.</summary>
    public void Rewrite()
    {
        RewriteWeights();
        List<NodeProto> nodes = [];
        foreach (var input in _graph.Input.Select(input => _scope.FindOwn(input.Name)!))
            AddCast(nodes, input);
        foreach (var node in _nodes)
        {
            node.Rewrite(_conversion);
            nodes.Add(node.Node);
            foreach (var output in node.Outputs.OfType<HalfValue>())
                AddCast(nodes, output);
        }
        _graph.Node.Clear();
        _graph.Node.AddRange(nodes);

        foreach (var input in _graph.Input)
            Retype(input, _scope.FindOwn(input.Name)!);
        foreach (var info in _graph.ValueInfo)
            Retype(info, _scope.FindOwn(info.Name));
        for (var i = 0; i < _outputs.Count; i++)
        {
            if (!_outputs[i].IsSingle)
                continue;
            if (!_keepsInterface)
                HalfTypes.Convert(_graph.Output[i].Type);
            _graph.Output[i].Name = _outputs[i].NameOf(!_keepsInterface, _conversion.Names);
        }
    }

    private void Declare()
    {
        foreach (var info in _graph.ValueInfo.Concat(_graph.Output).Concat(_graph.Input))
        {
            if (info.Type is { ValueCase: not TypeProto.ValueOneofCase.None } type)
                _declared[info.Name] = type;
        }
        if (_graph.SparseInitializer.Any(sparse => sparse.Values?.DataType == ElementSize.Float))
            throw _conversion.Document.Refuse("has sparse weights; run 'onnx-optimize' before, which writes them out.");
    }

    private void FindWeightsAndInputs(IReadOnlyList<int> inputTypes)
    {
        foreach (var tensor in _graph.Initializer)
        {
            var weight = new HalfValue(tensor.Name, tensor.DataType) { Weight = tensor };
            _scope.Define(tensor.Name, weight);
            _weights.Add(weight);
        }
        for (var i = 0; i < _graph.Input.Count; i++)
        {
            var name = _graph.Input[i].Name;
            if (_scope.FindOwn(name) is { } weight)
            {
                // A weight that the caller may replace: one form is the input, the other is made of it.
                weight.IsMadeHalf = weight.IsNamedHalf = !_keepsInterface;
                continue;
            }
            var value = Value(name, inputTypes.ElementAtOrDefault(i));
            value.IsMadeHalf = value.IsNamedHalf = !_keepsInterface;
            _scope.Define(name, value);
        }
    }

    private HalfValue Value(string name, int inferred) =>
        _declared.GetValueOrDefault(name) is { } type
            ? new HalfValue(name, HalfTypes.ElementType(type))
            {
                IsComposite = type.ValueCase != TypeProto.ValueOneofCase.TensorType,
            }
            : new HalfValue(name, inferred);

    private void FindNode(NodeProto node)
    {
        if (HalfRules.Refuses(node) is { } refusal)
            throw _conversion.Document.Refuse(refusal);
        var isKept = _conversion.Rules.IsKept(node);
        HalfValue?[] inputs = [.. node.Input.Select(_scope.Find)];
        bool[] isHalf = [.. inputs.Select((_, i) => !isKept && !HalfRules.IsSingleInput(node, i))];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is { IsSingle: true } input)
                Want(node, input, isHalf[i]);
        }
        List<HalfGraph> bodies =
        [
            .. Tensors
                .Bodies(node)
                // What a kept node gives its graphs, and takes from them, is float32 as before.
                .Select(body => Of(body, _conversion, keepsInterface: isKept, _scope, BodyInputs(node, inputs))),
        ];
        HalfValue?[] outputs = [.. node.Output.Select((name, i) => FindOutput(node, name, i, isKept, inputs, bodies))];
        _nodes.Add(new HalfNode(node, isKept, inputs, isHalf, outputs, bodies));
    }

    private void Want(NodeProto node, HalfValue value, bool half)
    {
        if (value.IsComposite && !half)
            throw _conversion.Document.Refuse(
                $"has the operator {node.OpType} ({Printable.Quote(node.Name)}), which would have to stay float32 but reads a "
                    + "list of tensors, which cannot be converted. Leave it out of 'keep_ops'."
            );
        value.Want(half);
    }

    private static IReadOnlyList<int> BodyInputs(NodeProto node, HalfValue?[] inputs)
    {
        IEnumerable<int> types = inputs.Select(input => input?.ElementType ?? 0);
        // A loop gives its body the number of the round and whether it goes on, in place of how often and whether at all.
        return node.OpType switch
        {
            "Loop" => [ElementSize.Int64, ElementSize.Bool, .. types.Skip(2)],
            "Scan" => [.. types],
            _ => [],
        };
    }

    private HalfValue? FindOutput(
        NodeProto node,
        string name,
        int index,
        bool isKept,
        HalfValue?[] inputs,
        List<HalfGraph> bodies
    )
    {
        if (name.Length == 0)
            return null;
        var inferred =
            bodies.Count > 0 && Attributes.IsOnnx(node)
                ? bodies[0].Outputs.ElementAtOrDefault(node.OpType == "Loop" ? index + 1 : index)?.ElementType ?? 0
                : ElementTypeRules.Of(node, index, i => inputs.ElementAtOrDefault(i)?.ElementType ?? 0);
        var value = Value(name, inferred);
        if (isKept && value.ElementType == 0)
            throw _conversion.Document.Refuse(
                $"does not say of which type {Printable.Quote(name)} is, made by the operator {node.OpType}. "
                    + "Run 'onnx-optimize' before, which writes the types of all values down."
            );
        value.IsMadeHalf = value.IsNamedHalf = !isKept && !HalfRules.IsSingleOutput(node, index);
        _scope.Define(name, value);
        return value;
    }

    private void FindOutputs()
    {
        foreach (var output in _graph.Output)
        {
            var value =
                _scope.Find(output.Name)
                ?? throw _conversion.Document.Refuse(
                    $"has the output {Printable.Quote(output.Name)}, which nothing in it makes. The model is damaged."
                );
            value.Want(half: !_keepsInterface);
            // An output keeps its name, so whichever form goes out has it.
            if (value == _scope.FindOwn(output.Name))
                value.IsNamedHalf = !_keepsInterface;
            _outputs.Add(value);
        }
    }

    private void RewriteWeights()
    {
        var inputs = _graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        var outputs = _graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var weight in _weights.Where(weight => weight.IsSingle))
        {
            if (inputs.Contains(weight.Name))
            {
                if (weight.IsMadeHalf)
                    _conversion.Convert(weight.Weight!);
                continue;
            }
            if (!outputs.Contains(weight.Name))
                weight.IsNamedHalf = !weight.IsWantedSingle;
            if (weight is { IsWantedSingle: true, IsWantedHalf: true })
            {
                // For those that stay float32 it must not lose its digits first.
                var single = weight.Weight!.Clone();
                single.Name = weight.NameOf(half: false, _conversion.Names);
                _graph.Initializer.Add(single);
            }
            if (weight.IsWantedHalf)
            {
                weight.Weight!.Name = weight.NameOf(half: true, _conversion.Names);
                _conversion.Convert(weight.Weight);
            }
        }
    }

    private void AddCast(List<NodeProto> nodes, HalfValue value)
    {
        var isWanted = value.IsMadeHalf ? value.IsWantedSingle : value.IsWantedHalf;
        if (!value.IsSingle || !isWanted)
            return;
        if (value.IsComposite)
            throw _conversion.Document.Refuse(
                $"has {Printable.Quote(value.Name)}, a list of tensors, in float32 and in float16; it cannot be converted. "
                    + "Set 'keep_io_types' to false, or leave the operator out of 'keep_ops'."
            );
        var cast = new NodeProto
        {
            OpType = "Cast",
            Name = _conversion.Names.Take($"{value.Name}_cast"),
            Input = { value.NameOf(value.IsMadeHalf, _conversion.Names) },
            Output = { value.NameOf(!value.IsMadeHalf, _conversion.Names) },
        };
        Attributes.SetInteger(cast, "to", value.IsMadeHalf ? ElementSize.Float : ElementSize.Float16);
        nodes.Add(cast);
    }

    private static void Retype(ValueInfoProto info, HalfValue? value)
    {
        if (value is { IsSingle: true, IsNamedHalf: true })
            HalfTypes.Convert(info.Type);
    }
}
