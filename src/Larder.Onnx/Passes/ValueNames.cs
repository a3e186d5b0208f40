using Larder.Onnx.Format;

namespace Larder.Onnx.Passes;

/// <summary>Finds names for new values that nothing in a model has.</summary>
internal sealed class ValueNames
{
    private readonly HashSet<string> _taken;

    public ValueNames(ModelProto model) =>
        _taken = Tensors
            .Graphs(model.Graph)
            .SelectMany(graph =>
                graph
                    .Node.SelectMany(node => node.Input.Concat(node.Output).Append(node.Name))
                    .Concat(graph.Initializer.Select(tensor => tensor.Name))
                    .Concat(graph.Input.Select(input => input.Name))
                    .Concat(graph.Output.Select(output => output.Name))
            )
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>The name wanted, with a number after it if it is taken; nobody gets it again.</summary>
    public string Take(string wanted)
    {
        var name = wanted;
        for (var number = 2; !_taken.Add(name); number++)
            name = $"{wanted}_{number}";
        return name;
    }
}
