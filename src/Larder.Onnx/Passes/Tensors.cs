using Larder.Onnx.Format;

namespace Larder.Onnx.Passes;

/// <summary>Finds what lies at any depth of a model.</summary>
internal static class Tensors
{
    /// <summary>All tensors: weights, those of attributes, and those of graphs within graphs.</summary>
    public static IEnumerable<TensorProto> In(ModelProto model) =>
        In(model.Graph).Concat(model.Functions.SelectMany(function => function.Node).SelectMany(In));

    /// <summary>A graph and all graphs within it, a graph before those within it.</summary>
    public static IEnumerable<GraphProto> Graphs(GraphProto graph) =>
        Within(graph.Node.SelectMany(Bodies)).Prepend(graph);

    /// <summary>The graphs that a node has as attributes.</summary>
    public static IEnumerable<GraphProto> Bodies(NodeProto node) =>
        node.Attribute.SelectMany(attribute =>
            attribute.G is { } body ? attribute.Graphs.Prepend(body) : attribute.Graphs
        );

    private static IEnumerable<GraphProto> Within(IEnumerable<GraphProto> graphs) => graphs.SelectMany(Graphs);

    private static IEnumerable<TensorProto> In(GraphProto graph) =>
        graph.Initializer.Concat(graph.SparseInitializer.SelectMany(In)).Concat(graph.Node.SelectMany(In));

    private static IEnumerable<TensorProto> In(NodeProto node) => node.Attribute.SelectMany(In);

    private static IEnumerable<TensorProto> In(AttributeProto attribute)
    {
        if (attribute.T is { } tensor)
            yield return tensor;
        foreach (var listed in attribute.Tensors)
            yield return listed;
        if (attribute.SparseTensor is { } sparse)
        {
            foreach (var part in In(sparse))
                yield return part;
        }
        foreach (
            var inner in (attribute.G is { } body ? attribute.Graphs.Prepend(body) : attribute.Graphs).SelectMany(In)
        )
            yield return inner;
    }

    private static IEnumerable<TensorProto> In(SparseTensorProto sparse)
    {
        if (sparse.Values is { } values)
            yield return values;
        if (sparse.Indices is { } indices)
            yield return indices;
    }
}
