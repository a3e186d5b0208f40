using Larder.Onnx.Format;

namespace Larder.Onnx.Passes;

/// <summary>Finds the weights of a model that may be quantised, and along which of their dimensions.</summary>
internal sealed class QuantizableWeights
{
    /// <summary>Operators that can be asked for.</summary>
    public static readonly IReadOnlyList<string> Operators =
    [
        "Conv",
        "ConvTranspose",
        "FusedConv",
        "FusedGemm",
        "FusedMatMul",
        "Gather",
        "Gemm",
        "MatMul",
    ];

    private readonly QuantizeOptions _options;
    private readonly List<Weight> _weights = [];
    private readonly HashSet<string> _excluded = new(StringComparer.Ordinal);

    private QuantizableWeights(QuantizeOptions options) => _options = options;

    /// <summary>All weights that some node of the operators asked for reads, with what is found out about them.</summary>
    /// <param name="graph">The graph of the model; those within it are searched too.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="unknown">The names of <see cref="QuantizeOptions.Exclude"/> that nothing in the model has.</param>
    public static IReadOnlyList<Weight> In(GraphProto graph, QuantizeOptions options, out IReadOnlyList<string> unknown)
    {
        var weights = new QuantizableWeights(options);
        weights.Search(graph, around: null);
        unknown = [.. options.Exclude.Where(name => !weights._excluded.Contains(name))];
        return [.. weights._weights.Where(weight => weight.Axis is not null)];
    }

    private void Search(GraphProto graph, Scope<Weight>? around)
    {
        var scope = new Scope<Weight>(around);
        foreach (var input in graph.Input)
            scope.Define(input.Name, Weight.None);
        foreach (var tensor in graph.Initializer)
        {
            var weight = new Weight(graph, tensor);
            // Both an input and a weight: whoever runs the model may give another value.
            if (scope.FindOwn(tensor.Name) is not null)
                weight.Leave("is an input of the model too");
            if (IsExcluded(tensor.Name))
                weight.Leave("is excluded");
            scope.Define(tensor.Name, weight);
            _weights.Add(weight);
        }
        foreach (var node in graph.Node)
        {
            var isExcluded = IsExcluded(node.Name);
            for (var i = 0; i < node.Input.Count; i++)
                Use(scope.Find(node.Input[i]), node, i, isExcluded);
            foreach (var body in Tensors.Bodies(node))
                Search(body, scope);
            foreach (var output in node.Output)
                scope.Define(output, Weight.None);
        }
        foreach (var output in graph.Output)
            scope.Find(output.Name)?.Leave("is an output");
    }

    private void Use(Weight? weight, NodeProto node, int input, bool isExcluded)
    {
        if (weight is null || weight == Weight.None)
            return;
        if (isExcluded)
            weight.Leave($"is read by the node '{node.Name}', which is excluded");
        else if (
            _options.Operators.Contains(node.OpType, StringComparer.Ordinal)
            && AxisOf(node, input, weight.Tensor.Dims.Count) is { } axis
        )
            weight.Axis ??= axis;
        else
            weight.Leave($"is read by {node.OpType} as well");
    }

    private bool IsExcluded(string name) =>
        _options.Exclude.Contains(name, StringComparer.Ordinal) && (_excluded.Add(name) || true);

    // The dimension that one element of the result takes one of: its scale then is one factor of that element.
    private static int? AxisOf(NodeProto node, int input, int rank) =>
        (node.OpType, input, rank) switch
        {
            ("MatMul", 1, >= 2) => rank - 1,
            // With transBatchB the dimensions have another order than their names say.
            ("FusedMatMul", 1, >= 2) when Attributes.Integer(node, "transBatchB", 0) == 0 => rank
                - (Attributes.Integer(node, "transB", 0) == 0 ? 1 : 2),
            ("Gemm" or "FusedGemm", 1, 2) => Attributes.Integer(node, "transB", 0) == 0 ? 1 : 0,
            ("Conv" or "FusedConv", 1, >= 3) => 0,
            ("ConvTranspose", 1, >= 3) => 1,
            ("Gather", 0, >= 2) => 0,
            _ => null,
        };

    /// <summary>A weight, and what becomes of it.</summary>
    internal sealed class Weight(GraphProto graph, TensorProto tensor)
    {
        /// <summary>Stands for a value that is no weight, and hides one of that name in a graph around.</summary>
        public static readonly Weight None = new(new GraphProto(), new TensorProto());

        public GraphProto Graph => graph;

        public TensorProto Tensor => tensor;

        /// <summary>The dimension with a scale for each place; null if no node reads it as a weight.</summary>
        public int? Axis { get; set; }

        /// <summary>Why it stays as it is; null if nothing speaks against quantising it.</summary>
        public string? Reason { get; private set; }

        public void Leave(string reason) => Reason ??= reason;
    }
}
